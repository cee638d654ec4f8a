namespace WaterMeters.Ml.Runtime;

/// <summary>The NuGet package that holds libtorch for a platform.</summary>
public sealed record RuntimePackage
{
    /// <summary>Portable runtime identifier, such as <c>linux-x64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The package's name.</summary>
    public required string Id { get; init; }

    /// <summary>The package's version, which is that of libtorch.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-512 of the .nupkg file, base64, as NuGet writes it into .nupkg.sha512; null when it is not known here.</summary>
    public string? Sha512 { get; init; }

    /// <summary>Bytes of the .nupkg file; 0 when not known here.</summary>
    public long PackageBytes { get; init; }

    /// <summary>Bytes of what is unpacked; 0 when not known here.</summary>
    public long UnpackedBytes { get; init; }

    /// <summary>The name of the package's file.</summary>
    public string FileName => $"{Id}.{Version}.nupkg";

    /// <summary>The folder inside the package that holds the libraries, with slashes.</summary>
    public string NativeFolder => $"runtimes/{Platform}/native";
}
