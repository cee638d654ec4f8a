namespace WaterMeters.Ml.Runtime;

/// <summary>The NuGet package with libtorch for a platform.</summary>
public sealed record RuntimePackage
{
    /// <summary>The portable runtime identifier, such as <c>linux-x64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The package's name.</summary>
    public required string Id { get; init; }

    /// <summary>The package's version, which is that of libtorch.</summary>
    public required string Version { get; init; }

    /// <summary>The SHA-512 of the .nupkg file in base64, as NuGet writes it into .nupkg.sha512; null when unknown.</summary>
    public string? Sha512 { get; init; }

    /// <summary>The size of the .nupkg file in bytes; 0 when unknown.</summary>
    public long PackageBytes { get; init; }

    /// <summary>The size of the unpacked files in bytes; 0 when unknown.</summary>
    public long UnpackedBytes { get; init; }

    /// <summary>The name of the package's file.</summary>
    public string FileName => $"{Id}.{Version}.nupkg";

    /// <summary>The folder of the libraries in the package, with slashes.</summary>
    public string NativeFolder => $"runtimes/{Platform}/native";
}
