namespace WaterMeters;

/// <summary>
/// A training cannot start because another one is running in this process (libtorch has one seed, one thread count and one allocator),
/// or is writing into the same folder.
/// </summary>
public sealed class TrainingRunningException : TrainingException
{
    /// <summary>Creates the exception. <paramref name="outputPath"/>: the folder of the run that was refused.</summary>
    public TrainingRunningException(string outputPath, string message) : base(outputPath, message)
    {
    }
}
