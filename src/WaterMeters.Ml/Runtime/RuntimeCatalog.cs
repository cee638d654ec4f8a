namespace WaterMeters.Ml.Runtime;

/// <summary>The package with libtorch for each platform, and the platforms without one.</summary>
public static class RuntimeCatalog
{
    /// <summary>The version of the hashes and sizes below; for another version the user passes the hash.</summary>
    private const string HashedVersion = "2.10.0";

    // The packages on nuget.org. Each contains all of libtorch for its platform and depends on no other package.
    private static readonly RuntimePackage[] Packages =
    [
        Package("linux-x64", 128_200_806, 498_029_245,
            "XjuaFwqqvwstyeUWyz/xtfhODesmagoPKO7T0VRmiW+r0pJwsXB/vHydA7it9xge36PSXW1qLyRRzvM3J8i9UA=="),
        Package("win-x64", 79_854_046, 267_932_721,
            "qvrEe8b8U1SPnsqShWgJ9gE/UfzFiq+QRPJdAegxwtEBgL/jZPQPvKAhqYkpEe5kb6AXCi840KDqvDaHQuAqEA=="),
        Package("win-arm64", 41_962_447, 153_738_577,
            "7NCaiSTge6axhCnH5Im+1ZNSkiuA+zuYe6ZPYph9MmXS4QozEEHUcualKvMVlygxhaZOR6N3nCYqm3Ibxq5+JA=="),
        Package("osx-arm64", 56_910_439, 245_135_873,
            "njbW4NbjnO3UYsZymJA5EA8kvFQZveW2rVS07QinYOxxgs6hyZFTI82zBDt0ix1yRRCZ+v+fm+pHXG37WKjyhA=="),
    ];

    /// <summary>The portable runtime identifier of this machine.</summary>
    public static string Platform => RuntimePlatform.Rid;

    /// <summary>The package for this build and machine; null when there is none, see <see cref="UnsupportedReason"/>.</summary>
    public static RuntimePackage? Current => Find(RuntimePlatform.Rid, LibTorchLocator.Version);

    /// <summary>Finds the package for a platform and a version of libtorch; null when there is none for the platform.</summary>
    public static RuntimePackage? Find(string platform, string version)
    {
        var package = Array.Find(Packages, p => p.Platform == platform);
        return package is null || version == HashedVersion
            ? package
            : package with { Version = version, Sha512 = null, PackageBytes = 0, UnpackedBytes = 0 };
    }

    /// <summary>Returns a sentence that says why a platform has no package and where to train instead.</summary>
    public static string UnsupportedReason(string platform) => platform switch
    {
        _ when platform.StartsWith("linux-musl", StringComparison.Ordinal) =>
            "libtorch needs glibc and does not load on Alpine or other musl-based Linux: train in a Debian or Ubuntu image on x64.",
        "linux-arm64" =>
            "libtorch and TorchSharp are not published for Linux on arm64: train on linux-x64, win-x64, win-arm64 or osx-arm64.",
        "osx-x64" =>
            "libtorch is no longer published for Macs with Intel processors: train on osx-arm64, linux-x64, win-x64 or win-arm64.",
        _ => $"libtorch is not published for {platform}: train on one of {string.Join(", ", Packages.Select(p => p.Platform))}.",
    };

    private static RuntimePackage Package(string platform, long packageBytes, long unpackedBytes, string sha512) => new()
    {
        Platform = platform,
        Id = "libtorch-cpu-" + platform,
        Version = HashedVersion,
        Sha512 = sha512,
        PackageBytes = packageBytes,
        UnpackedBytes = unpackedBytes,
    };
}
