namespace WaterMeters;

/// <summary>One photo or mask cannot be used: unreadable, too large, or of the wrong size.</summary>
public class PhotoException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="path"/>: the file concerned.</summary>
    public PhotoException(string path, string message, Exception? inner = null) : base(message, inner) => Path = path;

    /// <summary>Path of the file concerned.</summary>
    public string Path { get; }
}
