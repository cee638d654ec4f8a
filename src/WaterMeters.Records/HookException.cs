namespace WaterMeters;

/// <summary>The pre-push hook cannot be installed or removed, because a file is in the way or cannot be used.</summary>
public sealed class HookException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="path"/>: the file concerned.</summary>
    public HookException(string path, string message, Exception? inner = null)
        : base(message, inner) => Path = path;

    /// <summary>The file concerned.</summary>
    public string Path { get; }
}
