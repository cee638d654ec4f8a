using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>Keeps what a training says, and may act on it.</summary>
internal sealed class RecordingObserver : ITrainingObserver
{
    public List<TrainingProgress> Steps { get; } = [];

    public List<EpochRecord> Epochs { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Said { get; } = [];

    public List<string> Details { get; } = [];

    public List<int> Attempts { get; } = [];

    public Action<string>? OnDetail { get; init; }

    public Action<TrainingProgress>? OnStep { get; init; }

    public Action<EpochRecord>? OnEpoch { get; init; }

    public void AttemptBegins(int attempt, int attempts) => Attempts.Add(attempt);

    public void Stepped(TrainingProgress progress)
    {
        Steps.Add(progress);
        OnStep?.Invoke(progress);
    }

    public void EpochEnded(EpochRecord epoch)
    {
        Epochs.Add(epoch);
        OnEpoch?.Invoke(epoch);
    }

    public void Detail(string message)
    {
        Details.Add(message);
        OnDetail?.Invoke(message);
    }

    public void Say(string message) => Said.Add(message);

    public void Warn(string message) => Warnings.Add(message);
}
