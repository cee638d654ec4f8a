namespace WaterMeters;

/// <summary>A training cannot start because another one runs in this process (libtorch has one seed, one thread count and one allocator), or writes into the same folder.</summary>
public sealed class TrainingRunningException : TrainingException
{
    /// <summary>Makes the exception; <paramref name="outputPath"/> is the folder of the run that was refused.</summary>
    public TrainingRunningException(string outputPath, string message) : base(outputPath, message)
    {
    }
}
