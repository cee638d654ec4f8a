namespace WaterMeters.Ml.Training;

/// <summary>Receives the progress and messages of a training, on the thread that trains.</summary>
public interface ITrainingObserver
{
    /// <summary>Called before messages about one of several attempts; 0 as <paramref name="attempt"/> means no single attempt.</summary>
    void AttemptStarted(int attempt, int attempts)
    {
    }

    /// <summary>Called before the first step of each training, once everything was checked and its folder is open.</summary>
    void TrainingStarted(TrainingStart start)
    {
    }

    /// <summary>Called when the model of the best epoch is written and measured.</summary>
    void TrainingEnded(TrainingResult result)
    {
    }

    /// <summary>Called after each step.</summary>
    void StepEnded(TrainingProgress progress);

    /// <summary>Called after each epoch, when its checkpoint is written.</summary>
    void EpochEnded(EpochRecord epoch);

    /// <summary>Called with the phase that starts now.</summary>
    void Verbose(string message);

    /// <summary>Called with a message for the log.</summary>
    void Information(string message);

    /// <summary>Called with a warning.</summary>
    void Warn(string message);
}
