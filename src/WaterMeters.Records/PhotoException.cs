namespace WaterMeters;

/// <summary>One photo or mask cannot be used: unreadable, too large, of the wrong size.</summary>
public sealed class PhotoException : WaterMetersException
{
    /// <summary>Makes the exception; <paramref name="path"/> is the file it is about.</summary>
    public PhotoException(string path, string message, Exception? inner = null) : base(message, inner) => Path = path;

    /// <summary>The file it is about.</summary>
    public string Path { get; }
}
