namespace WaterMeters;

/// <summary>What WaterMeters itself refuses or cannot do. The message says what to do next.</summary>
public class WaterMetersException : Exception
{
    /// <summary>Makes the exception.</summary>
    public WaterMetersException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
