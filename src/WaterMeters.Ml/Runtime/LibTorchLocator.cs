using System.Reflection;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>Finds the folder that holds libtorch, and TorchSharp's own native library beside its assembly.</summary>
internal static class LibTorchLocator
{
    /// <summary>The environment variable that names a folder with libtorch; it is asked first.</summary>
    public const string PathVariable = "WMS_TORCH_PATH";

    /// <summary>The libtorch version this build belongs to.</summary>
    public static string Version { get; } = Metadata("LibTorchVersion");

    /// <summary>The TorchSharp version this build belongs to.</summary>
    public static string TorchSharpVersion { get; } = Metadata("TorchSharpVersion");

    /// <summary>The folder with libtorch, or null; the folders asked are in <paramref name="asked"/>, in their order.</summary>
    public static string? Find(out IReadOnlyList<string> asked)
    {
        var folders = Candidates().ToList();
        asked = folders;
        return folders.FirstOrDefault(Holds);
    }

    /// <summary>Whether a folder holds libtorch.</summary>
    public static bool Holds(string folder) => File.Exists(Path.Combine(folder, RuntimePlatform.LibraryFile("torch_cpu")));

    /// <summary>The file of TorchSharp's native library, or null when this build does not hold one for the platform.</summary>
    public static string? FindTorchSharpLibrary()
    {
        string file = RuntimePlatform.LibraryFile("LibTorchSharp");
        string home = Path.GetDirectoryName(typeof(LibTorchLocator).Assembly.Location)!;
        string[] places =
        [
            Path.Combine(home, "runtimes", RuntimePlatform.Rid, "native", file),
            Path.Combine(home, file),
        ];
        return places.FirstOrDefault(File.Exists);
    }

    /// <summary>The user's own folder for native files: below the local application data, by version and platform; the folder for temporary files when the user has no such place.</summary>
    public static string UserCache => Path.Combine(UserFolder.Own ?? Path.Combine(Path.GetTempPath(), "WaterMeters"), "libtorch", Version, RuntimePlatform.Rid);

    private static IEnumerable<string> Candidates()
    {
        string? named = Environment.GetEnvironmentVariable(PathVariable);
        if (!string.IsNullOrWhiteSpace(named))
        {
            yield return Path.GetFullPath(named);
            yield return Path.GetFullPath(Path.Combine(named, "lib"));
        }

        // In the module this assembly lies in deps/, and native/ beside it.
        string home = Path.GetDirectoryName(typeof(LibTorchLocator).Assembly.Location)!;
        yield return Path.GetFullPath(Path.Combine(home, "..", "native", RuntimePlatform.Rid));
        yield return UserCache;

        string? packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        if (string.IsNullOrWhiteSpace(packages))
        {
            packages = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        }

        if (RuntimeCatalog.Own is { } package)
        {
            yield return Path.GetFullPath(Path.Combine(packages, package.Id, package.Version, package.NativeFolder));
        }
    }

    private static string Metadata(string key) =>
        typeof(LibTorchLocator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
