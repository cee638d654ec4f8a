namespace WaterMeters;

/// <summary>A data set as a whole cannot be used: no such folder, no pairs, a split file that cannot be read.</summary>
public sealed class DatasetException : WaterMetersException
{
    /// <summary>Makes the exception; <paramref name="path"/> is the folder or file it is about.</summary>
    public DatasetException(string path, string message, Exception? inner = null) : base(message, inner) => Path = path;

    /// <summary>The folder or file it is about.</summary>
    public string Path { get; }
}
