using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ml.Training;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>Shows a training: progress on a terminal, an information line tagged WmsEpoch an epoch, others tagged WmsTraining, what it does now with -Verbose.</summary>
internal sealed class TrainingReporter(Cmdlet cmdlet, PipelineWorker worker) : ITrainingObserver
{
    private static readonly string[] EpochTags = ["PSHOST", "WmsEpoch"], Tags = ["PSHOST", "WmsTraining"];

    // The attempt that is spoken of; 1 of 1 where there is one training only.
    private int attempt = 1, attempts = 1;
    private string about = "";

    /// <inheritdoc/>
    public void AttemptStarted(int attempt, int attempts)
    {
        (this.attempt, this.attempts) = (attempt, attempts);
        about = attempt == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"attempt {attempt} of {attempts}: ");
    }

    /// <inheritdoc/>
    public void StepEnded(TrainingProgress p)
    {
        // The attempts that are to come take as long as this one.
        double toCome = p.Fraction < 1 ? (attempts - attempt) / (1 - p.Fraction) : 0;
        worker.Report(
            "Training",
            FormattableString.Invariant($"{about}epoch {p.Epoch} of {p.Epochs}, step {p.Step} of {p.Steps} at {p.Size} px: loss {p.Loss:0.0000}, {p.PhotosPerSecond:0.0} photos a second"),
            percent: (int)(100 * (attempt - 1 + p.Fraction) / attempts),
            secondsRemaining: p.Remaining is { } left ? (int)Math.Min(left.TotalSeconds * (1 + toCome), int.MaxValue) : -1);
    }

    /// <inheritdoc/>
    public void EpochEnded(EpochRecord e)
    {
        string line = FormattableString.Invariant(
            $"{about}epoch {e.Epoch,3} of {e.Epochs}  {e.Size} px  loss {e.TrainingLoss:0.0000}  validation loss {e.ValidationLoss:0.0000}  Dice {e.ValidationDice:0.0000}  IoU {e.ValidationIoU:0.0000}  {e.PhotosPerSecond:0.0} photos/s  {e.Duration.TotalSeconds:0} s{(e.IsBest ? "  best" : "")}");
        Inform(line, EpochTags);
    }

    /// <inheritdoc/>
    public void Verbose(string message) => worker.Verbose(about + message);

    /// <inheritdoc/>
    public void Information(string message) => Inform(about + message, Tags);

    /// <inheritdoc/>
    public void Warn(string message)
    {
        string text = about + message;
        worker.Post(() => cmdlet.WriteWarning(text));
    }

    private void Inform(string line, string[] tags) => worker.Post(() => cmdlet.WriteInformation(new HostInformationMessage { Message = line }, tags));
}
