namespace WaterMeters.Ml.Foundation;

/// <summary>A file is open in another program; the message names the file and the program.</summary>
internal sealed class HeldFileException : IOException
{
    public HeldFileException(string message, Exception fault)
        : base(message, fault) => HResult = fault.HResult;
}
