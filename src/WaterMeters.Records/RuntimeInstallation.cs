namespace WaterMeters;

/// <summary>An installation of libtorch on this machine.</summary>
public sealed record RuntimeInstallation
{
    /// <summary>Whether libtorch was installed now or was already there.</summary>
    public RuntimeInstallationStatus Status { get; init; }

    /// <summary>Absolute path of the installation folder.</summary>
    public required string Path { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string Version { get; init; }

    /// <summary>Portable runtime identifier, such as <c>linux-x64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>Folder, package file or feed it came from; empty when unknown.</summary>
    public required string Source { get; init; }

    /// <summary>SHA-512 of the package it came from, base64 as in NuGet; empty when it came from a folder of loose files.</summary>
    public required string Sha512 { get; init; }

    /// <summary>Number of files.</summary>
    public int Files { get; init; }

    /// <summary>Size on disk in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Size on disk in megabytes of 1,048,576 bytes.</summary>
    public double Megabytes { get; init; }

    /// <summary>Duration of the installation.</summary>
    public TimeSpan Duration { get; init; }
}
