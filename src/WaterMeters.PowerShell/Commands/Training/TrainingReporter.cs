using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ml.Training;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>
/// Shows a training: a progress bar, an information line for each epoch tagged WmsEpoch, other information lines tagged WmsTraining, and
/// details as verbose messages.
/// </summary>
internal sealed class TrainingReporter(Cmdlet cmdlet, PipelineWorker worker) : ITrainingObserver
{
    private static readonly string[] EpochTags = ["PSHOST", "WmsEpoch"], Tags = ["PSHOST", "WmsTraining"];

    // The current attempt; 1 of 1 if there is one training only.
    private int attempt = 1, attempts = 1;
    private string prefix = "";

    /// <inheritdoc/>
    public void AttemptStarted(int attempt, int attempts)
    {
        (this.attempt, this.attempts) = (attempt, attempts);
        prefix = attempt == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"attempt {attempt} of {attempts}: ");
    }

    /// <inheritdoc/>
    public void StepEnded(TrainingProgress p)
    {
        // The remaining attempts are assumed to take as long as this one.
        double remainingAttempts = p.Fraction < 1 ? (attempts - attempt) / (1 - p.Fraction) : 0;
        string step = FormattableString.Invariant($"epoch {p.Epoch} of {p.Epochs}, step {p.Step} of {p.Steps} at {p.Size} px: ");
        string speed = FormattableString.Invariant($"loss {p.Loss:0.0000}, {p.PhotosPerSecond:0.0} photos/s");
        worker.Report(
            "Training",
            prefix + step + speed,
            percent: (int)(100 * (attempt - 1 + p.Fraction) / attempts),
            secondsRemaining: p.Remaining is { } left ? (int)Math.Min(left.TotalSeconds * (1 + remainingAttempts), int.MaxValue) : -1);
    }

    /// <inheritdoc/>
    public void EpochEnded(EpochRecord e)
    {
        string epoch = FormattableString.Invariant($"{prefix}epoch {e.Epoch,3} of {e.Epochs}  {e.Size} px  ");
        string loss = FormattableString.Invariant($"loss {e.TrainingLoss:0.0000}  validation loss {e.ValidationLoss:0.0000}  ");
        string scores = FormattableString.Invariant($"Dice {e.ValidationDice:0.0000}  IoU {e.ValidationIoU:0.0000}  ");
        string speed = FormattableString.Invariant($"{e.PhotosPerSecond:0.0} photos/s  {e.Duration.TotalSeconds:0} s");
        Inform(epoch + loss + scores + speed + (e.IsBest ? "  best" : ""), EpochTags);
    }

    /// <inheritdoc/>
    public void Verbose(string message) => worker.Verbose(prefix + message);

    /// <inheritdoc/>
    public void Information(string message) => Inform(prefix + message, Tags);

    /// <inheritdoc/>
    public void Warn(string message) => worker.Warn(prefix + message);

    private void Inform(string line, string[] tags) =>
        worker.Post(() => cmdlet.WriteInformation(new HostInformationMessage { Message = line }, tags));
}
