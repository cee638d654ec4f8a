namespace WaterMeters;

/// <summary>A training cannot start or continue.</summary>
public class TrainingException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="outputPath"/>: the run folder.</summary>
    public TrainingException(string outputPath, string message, Exception? inner = null) : base(message, inner) => OutputPath = outputPath;

    /// <summary>Path of the run folder.</summary>
    public string OutputPath { get; }
}
