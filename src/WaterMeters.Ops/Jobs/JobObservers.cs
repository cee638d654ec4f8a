using WaterMeters.Ml.Training;

namespace WaterMeters.Ops.Jobs;

/// <summary>Tells two observers.</summary>
internal sealed class JobObservers(ITrainingObserver first, ITrainingObserver second) : ITrainingObserver
{
    /// <inheritdoc/>
    public void AttemptStarted(int attempt, int attempts) => Both(one => one.AttemptStarted(attempt, attempts));

    /// <inheritdoc/>
    public void TrainingStarted(TrainingStart start) => Both(one => one.TrainingStarted(start));

    /// <inheritdoc/>
    public void TrainingEnded(TrainingResult result) => Both(one => one.TrainingEnded(result));

    /// <inheritdoc/>
    public void StepEnded(TrainingProgress progress) => Both(one => one.StepEnded(progress));

    /// <inheritdoc/>
    public void EpochEnded(EpochRecord epoch) => Both(one => one.EpochEnded(epoch));

    /// <inheritdoc/>
    public void Verbose(string message) => Both(one => one.Verbose(message));

    /// <inheritdoc/>
    public void Information(string message) => Both(one => one.Information(message));

    /// <inheritdoc/>
    public void Warn(string message) => Both(one => one.Warn(message));

    private void Both(Action<ITrainingObserver> tell)
    {
        tell(first);
        tell(second);
    }
}
