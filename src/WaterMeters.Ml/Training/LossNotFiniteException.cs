namespace WaterMeters.Ml.Training;

/// <summary>The loss is not finite a second time: the end of a training, but not of what comes after it.</summary>
internal sealed class LossNotFiniteException(TrainingState kept, string outputPath, string message) : TrainingException(outputPath, message)
{
    /// <summary>The numbers of the last good state.</summary>
    public TrainingState Kept => kept;
}
