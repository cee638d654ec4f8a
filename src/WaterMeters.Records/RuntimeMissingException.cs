namespace WaterMeters;

/// <summary>A required native library is not on this machine, or does not load.</summary>
public sealed class RuntimeMissingException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="library"/>: the library concerned, by its name in Test-WmsEnvironment.</summary>
    public RuntimeMissingException(string library, string message, Exception? inner = null) : base(message, inner) => Library = library;

    /// <summary>Library concerned, by its name in Test-WmsEnvironment.</summary>
    public string Library { get; }
}
