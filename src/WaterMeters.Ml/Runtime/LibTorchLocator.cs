using System.Reflection;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>Finds the folder of libtorch, and TorchSharp's own native library.</summary>
internal static class LibTorchLocator
{
    /// <summary>The environment variable that names a folder with libtorch; it is searched first.</summary>
    public const string PathVariable = "WMS_TORCH_PATH";

    /// <summary>The libtorch version this build needs.</summary>
    public static string Version { get; } = Metadata("LibTorchVersion");

    /// <summary>The TorchSharp version of this build.</summary>
    public static string TorchSharpVersion { get; } = Metadata("TorchSharpVersion");

    /// <summary>Finds the folder with libtorch; null when there is none. <paramref name="searched"/> lists the folders in order.</summary>
    public static string? Find(out IReadOnlyList<string> searched)
    {
        var folders = Candidates().ToList();
        searched = folders;
        return folders.FirstOrDefault(ContainsLibTorch);
    }

    /// <summary>Returns whether a folder contains libtorch.</summary>
    public static bool ContainsLibTorch(string folder) => File.Exists(Path.Combine(folder, RuntimePlatform.LibraryFile("torch_cpu")));

    /// <summary>Finds TorchSharp's native library; null when this build has none for the platform.</summary>
    public static string? FindTorchSharpLibrary()
    {
        string file = RuntimePlatform.LibraryFile("LibTorchSharp");
        string home = Path.GetDirectoryName(typeof(LibTorchLocator).Assembly.Location)!;
        string[] candidates =
        [
            Path.Combine(home, "runtimes", RuntimePlatform.Rid, "native", file),
            Path.Combine(home, file),
        ];
        return candidates.FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// The user's folder for native files, by version and platform: in the local application data or, when the user has none, in the
    /// folder for temporary files.
    /// </summary>
    public static string UserCache =>
        Path.Combine(UserFolder.Root ?? Path.Combine(Path.GetTempPath(), "WaterMeters"), "libtorch", Version, RuntimePlatform.Rid);

    private static IEnumerable<string> Candidates()
    {
        string? named = Environment.GetEnvironmentVariable(PathVariable);
        if (!string.IsNullOrWhiteSpace(named))
        {
            yield return Path.GetFullPath(named);
            yield return Path.GetFullPath(Path.Combine(named, "lib"));
        }

        // In the module this assembly is in deps/, next to native/.
        string home = Path.GetDirectoryName(typeof(LibTorchLocator).Assembly.Location)!;
        yield return Path.GetFullPath(Path.Combine(home, "..", "native", RuntimePlatform.Rid));
        yield return UserCache;

        string? packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        if (string.IsNullOrWhiteSpace(packages))
        {
            packages = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        }

        if (RuntimeCatalog.Current is { } package)
        {
            yield return Path.GetFullPath(Path.Combine(packages, package.Id, package.Version, package.NativeFolder));
        }
    }

    private static string Metadata(string key) =>
        typeof(LibTorchLocator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
