namespace WaterMeters;

/// <summary>A training cannot start, or cannot go on.</summary>
public class TrainingException : WaterMetersException
{
    /// <summary>Makes the exception; <paramref name="outputPath"/> is the folder of the run.</summary>
    public TrainingException(string outputPath, string message, Exception? inner = null) : base(message, inner) => OutputPath = outputPath;

    /// <summary>The folder of the run.</summary>
    public string OutputPath { get; }
}
