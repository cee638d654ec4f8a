namespace WaterMeters;

/// <summary>libtorch in a folder of this machine.</summary>
public sealed record RuntimeInstallation
{
    /// <summary>Whether it was installed now or was there before.</summary>
    public RuntimeInstallationStatus Status { get; init; }

    /// <summary>The folder with its files.</summary>
    public required string Path { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string Version { get; init; }

    /// <summary>Portable runtime identifier, such as <c>linux-x64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The folder, package file or feed it came from; empty when that is not known.</summary>
    public required string Source { get; init; }

    /// <summary>SHA-512 of the package it came out of, base64 as NuGet writes it; empty when it came from a folder of loose files.</summary>
    public required string Sha512 { get; init; }

    /// <summary>Files.</summary>
    public int Files { get; init; }

    /// <summary>Bytes on disk.</summary>
    public long Bytes { get; init; }

    /// <summary>Megabytes (1,048,576 bytes) on disk.</summary>
    public double Megabytes { get; init; }

    /// <summary>How long the installation took.</summary>
    public TimeSpan Duration { get; init; }
}
