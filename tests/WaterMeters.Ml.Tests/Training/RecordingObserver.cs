using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>Records the progress and messages of a training, and calls actions on them.</summary>
internal sealed class RecordingObserver : ITrainingObserver
{
    public List<TrainingProgress> Steps { get; } = [];

    public List<EpochRecord> Epochs { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> InformationLines { get; } = [];

    public List<string> VerboseLines { get; } = [];

    public List<int> Attempts { get; } = [];

    public Action<string>? OnVerbose { get; init; }

    public Action<TrainingProgress>? OnStep { get; init; }

    public Action<EpochRecord>? OnEpoch { get; init; }

    public void AttemptStarted(int attempt, int attempts) => Attempts.Add(attempt);

    public void StepEnded(TrainingProgress progress)
    {
        Steps.Add(progress);
        OnStep?.Invoke(progress);
    }

    public void EpochEnded(EpochRecord epoch)
    {
        Epochs.Add(epoch);
        OnEpoch?.Invoke(epoch);
    }

    public void Verbose(string message)
    {
        VerboseLines.Add(message);
        OnVerbose?.Invoke(message);
    }

    public void Information(string message) => InformationLines.Add(message);

    public void Warn(string message) => Warnings.Add(message);
}
