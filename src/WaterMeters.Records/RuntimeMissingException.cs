namespace WaterMeters;

/// <summary>A native library that the work needs is not on this machine, or does not load.</summary>
public sealed class RuntimeMissingException : WaterMetersException
{
    /// <summary>Makes the exception; <paramref name="library"/> is the library it is about, by its name in Test-WmsEnvironment.</summary>
    public RuntimeMissingException(string library, string message, Exception? inner = null) : base(message, inner) => Library = library;

    /// <summary>The library it is about, by its name in Test-WmsEnvironment.</summary>
    public string Library { get; }
}
