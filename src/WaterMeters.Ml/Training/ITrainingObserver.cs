namespace WaterMeters.Ml.Training;

/// <summary>Hears how a training goes; called from its thread.</summary>
public interface ITrainingObserver
{
    /// <summary>What follows is about one attempt of several; about none of them when <paramref name="attempt"/> is 0.</summary>
    void AttemptBegins(int attempt, int attempts)
    {
    }

    /// <summary>A step was made.</summary>
    void Stepped(TrainingProgress progress);

    /// <summary>An epoch was finished, its checkpoint is written.</summary>
    void EpochEnded(EpochRecord epoch);

    /// <summary>What the training does now, for those who look closely.</summary>
    void Detail(string message);

    /// <summary>Something worth a line in a log.</summary>
    void Say(string message);

    /// <summary>Something the user should know.</summary>
    void Warn(string message);
}
