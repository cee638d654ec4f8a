namespace WaterMeters;

/// <summary>An error that WaterMeters itself reports. The message says what to do next.</summary>
public class WaterMetersException : Exception
{
    /// <summary>Creates the exception.</summary>
    public WaterMetersException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
