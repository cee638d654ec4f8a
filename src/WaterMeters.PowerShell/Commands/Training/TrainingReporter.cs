using System.Management.Automation;
using WaterMeters.Ml.Training;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>Shows a training: progress on a terminal, an information line tagged WmsEpoch an epoch, others tagged WmsTraining, what it does now with -Verbose.</summary>
internal sealed class TrainingReporter(Cmdlet cmdlet, PipelineWorker worker) : ITrainingObserver
{
    private static readonly string[] EpochTags = ["PSHOST", "WmsEpoch"], Tags = ["PSHOST", "WmsTraining"];

    /// <inheritdoc/>
    public void Stepped(TrainingProgress p) => worker.Report(
        "Training",
        FormattableString.Invariant($"epoch {p.Epoch} of {p.Epochs}, step {p.Step} of {p.Steps} at {p.Size} px: loss {p.Loss:0.0000}, {p.PhotosPerSecond:0.0} photos a second"),
        percent: (int)(100 * p.Fraction),
        secondsRemaining: p.Remaining is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1);

    /// <inheritdoc/>
    public void EpochEnded(EpochRecord e)
    {
        string line = FormattableString.Invariant(
            $"epoch {e.Epoch,3} of {e.Epochs}  {e.Size} px  loss {e.TrainingLoss:0.0000}  validation loss {e.ValidationLoss:0.0000}  Dice {e.ValidationDice:0.0000}  IoU {e.ValidationIoU:0.0000}  {e.PhotosPerSecond:0.0} photos/s  {e.Duration.TotalSeconds:0} s{(e.IsBest ? "  best" : "")}");
        Inform(line, EpochTags);
    }

    /// <inheritdoc/>
    public void Detail(string message) => worker.Verbose(message);

    /// <inheritdoc/>
    public void Say(string message) => Inform(message, Tags);

    /// <inheritdoc/>
    public void Warn(string message) => worker.Post(() => cmdlet.WriteWarning(message));

    private void Inform(string line, string[] tags) => worker.Post(() => cmdlet.WriteInformation(new HostInformationMessage { Message = line }, tags));
}
