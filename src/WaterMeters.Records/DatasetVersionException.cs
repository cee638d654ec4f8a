namespace WaterMeters;

/// <summary>A version of a data set cannot be published, restored or compared.</summary>
public sealed class DatasetVersionException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="target"/>: the file, setting or address concerned.</summary>
    public DatasetVersionException(DatasetVersionFault fault, string target, string message, Exception? inner = null)
        : base(message, inner) => (Fault, Target) = (fault, target);

    /// <summary>Why it fails.</summary>
    public DatasetVersionFault Fault { get; }

    /// <summary>The file, setting or address concerned.</summary>
    public string Target { get; }
}
