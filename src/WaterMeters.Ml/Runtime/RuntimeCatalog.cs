namespace WaterMeters.Ml.Runtime;

/// <summary>Which package holds libtorch for which platform, and where there is none.</summary>
public static class RuntimeCatalog
{
    /// <summary>The version the hashes and sizes below belong to; for another one the user has to give the hash.</summary>
    private const string HashedVersion = "2.10.0";

    /// <summary>The version of TorchSharp that is reported not to load on Windows.</summary>
    private const string FaultyOnWindows = "0.107.0";

    // Of the packages as nuget.org serves them. Each holds all of libtorch for its platform: none depends on another package.
    private static readonly RuntimePackage[] Packages =
    [
        Package("linux-x64", 128_200_806, 498_029_245, "XjuaFwqqvwstyeUWyz/xtfhODesmagoPKO7T0VRmiW+r0pJwsXB/vHydA7it9xge36PSXW1qLyRRzvM3J8i9UA=="),
        Package("win-x64", 79_854_046, 267_932_721, "qvrEe8b8U1SPnsqShWgJ9gE/UfzFiq+QRPJdAegxwtEBgL/jZPQPvKAhqYkpEe5kb6AXCi840KDqvDaHQuAqEA=="),
        Package("win-arm64", 41_962_447, 153_738_577, "7NCaiSTge6axhCnH5Im+1ZNSkiuA+zuYe6ZPYph9MmXS4QozEEHUcualKvMVlygxhaZOR6N3nCYqm3Ibxq5+JA=="),
        Package("osx-arm64", 56_910_439, 245_135_873, "njbW4NbjnO3UYsZymJA5EA8kvFQZveW2rVS07QinYOxxgs6hyZFTI82zBDt0ix1yRRCZ+v+fm+pHXG37WKjyhA=="),
    ];

    /// <summary>Portable runtime identifier of this machine.</summary>
    public static string Platform => RuntimePlatform.Rid;

    /// <summary>What is known to keep this build from training on this machine; see <see cref="KnownFault"/>.</summary>
    public static string? OwnFault => KnownFault(RuntimePlatform.Rid, LibTorchLocator.TorchSharpVersion);

    /// <summary>The package this build takes on this machine, or null; see <see cref="WhyNone"/> then.</summary>
    public static RuntimePackage? Own => Find(RuntimePlatform.Rid, LibTorchLocator.Version);

    /// <summary>The package of a platform and a version of libtorch, or null when there is none for the platform.</summary>
    public static RuntimePackage? Find(string platform, string version)
    {
        var package = Array.Find(Packages, p => p.Platform == platform);
        return package is null || version == HashedVersion
            ? package
            : package with { Version = version, Sha512 = null, PackageBytes = 0, UnpackedBytes = 0 };
    }

    /// <summary>One sentence for a platform without a package: why, and where else to train.</summary>
    public static string WhyNone(string platform) => platform switch
    {
        _ when platform.StartsWith("linux-musl", StringComparison.Ordinal) =>
            "libtorch is built for glibc and does not load on Alpine or another Linux with musl: train in an image of Debian or Ubuntu on x64.",
        "linux-arm64" =>
            "Neither libtorch nor TorchSharp is published for Linux on arm64: train on linux-x64, win-x64, win-arm64 or osx-arm64.",
        "osx-x64" =>
            "libtorch is no longer published for Macs with an Intel processor: train on osx-arm64, linux-x64, win-x64 or win-arm64.",
        _ => $"libtorch is not published for {platform}: train on one of {string.Join(", ", Packages.Select(p => p.Platform))}.",
    };

    /// <summary>What is known to keep a platform's package from loading with a version of TorchSharp, and the way out; null when nothing is.</summary>
    public static string? KnownFault(string platform, string torchSharpVersion) =>
        platform.StartsWith("win-", StringComparison.Ordinal) && torchSharpVersion == FaultyOnWindows
            ? $"TorchSharp {FaultyOnWindows} is reported not to load on Windows, because its library was built against another libtorch than the published one (dotnet/TorchSharp#1567). " +
              "The way out is the older pair: build the module with -p:TorchSharpVersion=0.105.2 -p:LibTorchVersion=2.7.1, " +
              $"and name a folder with libtorch 2.7.1 in {LibTorchLocator.PathVariable}."
            : null;

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
