namespace WaterMeters;

/// <summary>A native library that the work needs is not on this machine, or does not load.</summary>
public sealed class RuntimeMissingException : WaterMetersException
{
    /// <summary>Makes the exception.</summary>
    public RuntimeMissingException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
