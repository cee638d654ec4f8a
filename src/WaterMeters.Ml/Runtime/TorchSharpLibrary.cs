using System.Security.Cryptography;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// TorchSharp's native library in a form that this system can load. It requests a symbol version of libstdc++ that Debian 12 and Ubuntu
/// 22.04 do not have and that none of its code uses; there a copy with this request marked weak is loaded from the user's cache.
/// </summary>
internal static class TorchSharpLibrary
{
    private const string VersionPrefix = "GLIBCXX_";

    /// <summary>The folder of the copies: in the user's cache, next to libtorch of this version.</summary>
    public static string CopyFolder => Path.GetFullPath(Path.Combine(LibTorchLocator.UserCache, "..", "shim"));

    /// <summary>
    /// Returns the symbol versions of libstdc++ that <paramref name="library"/> requests and this system does not have. Writes and loads
    /// nothing.
    /// </summary>
    public static IReadOnlyList<string> MissingVersions(string library)
    {
        if (!OperatingSystem.IsLinux() || SystemLibStdCxx() is not { } standard) return [];
        var offered = ElfVersionNeeds.VersionNames(File.ReadAllBytes(standard), VersionPrefix);
        return ElfVersionNeeds.Weaken(File.ReadAllBytes(library), VersionPrefix, offered);
    }

    /// <summary>Returns the file to load: <paramref name="library"/> itself, or a copy that works with this system's libstdc++.</summary>
    /// <param name="library">The library as built.</param>
    /// <param name="temporary">A folder to delete after loading (Linux keeps mapped files), or null.</param>
    public static string PathToLoad(string library, out string? temporary)
    {
        temporary = null;
        if (!OperatingSystem.IsLinux() || SystemLibStdCxx() is not { } standard) return library;

        byte[] file = File.ReadAllBytes(library);
        var offered = ElfVersionNeeds.VersionNames(File.ReadAllBytes(standard), VersionPrefix);
        string name = Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, 8));
        var weakened = ElfVersionNeeds.Weaken(file, VersionPrefix, offered);
        if (weakened.Count == 0) return library;

        try
        {
            return WriteCopy(Path.Combine(CopyFolder, $"{name}-{weakened.Count}", Path.GetFileName(library)), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The home folder is read-only, as for services.
            temporary = Directory.CreateTempSubdirectory("watermeters-").FullName;
            return WriteCopy(Path.Combine(temporary, Path.GetFileName(library)), file);
        }
    }

    private static string WriteCopy(string copy, byte[] file)
    {
        if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            AtomicFile.Write(copy, stream => stream.Write(file));
        }

        return copy;
    }

    /// <summary>Returns the path of the libstdc++ in this process, which .NET itself has loaded; null when there is none.</summary>
    private static string? SystemLibStdCxx()
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int slash = line.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && Path.GetFileName(line[slash..]).StartsWith("libstdc++.so", StringComparison.Ordinal)) return line[slash..];
        }

        return null;
    }
}
