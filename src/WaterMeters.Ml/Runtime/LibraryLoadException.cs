namespace WaterMeters.Ml.Runtime;

/// <summary>Windows refused to load a library. The message says which file, what Windows said, and what to do.</summary>
/// <param name="message">That message.</param>
/// <param name="missing">The names of the libraries that were found nowhere.</param>
internal sealed class LibraryLoadException(string message, IReadOnlyList<string> missing) : Exception(message)
{
    /// <summary>The libraries it needs that were found nowhere, by name.</summary>
    public IReadOnlyList<string> Missing { get; } = missing;
}
