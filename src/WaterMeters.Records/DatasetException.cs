namespace WaterMeters;

/// <summary>A data set as a whole cannot be used: the folder does not exist, has no pairs, or its split file cannot be read.</summary>
public sealed class DatasetException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="path"/>: the folder or file concerned.</summary>
    public DatasetException(string path, string message, Exception? inner = null) : base(message, inner) => Path = path;

    /// <summary>Path of the folder or file concerned.</summary>
    public string Path { get; }
}
