using System.Security.Cryptography;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// TorchSharp's native library in a form this system loads. Its build asks libstdc++ for a symbol version that Debian 12
/// and Ubuntu 22.04 do not have and that no code of it refers to; there a copy in the user's cache is loaded, with that need marked weak.
/// </summary>
internal static class TorchSharpLibrary
{
    private const string VersionPrefix = "GLIBCXX_";

    /// <summary>The folder of the copies: in the user's cache, beside libtorch of this version.</summary>
    public static string CopyFolder => Path.GetFullPath(Path.Combine(LibTorchLocator.UserCache, "..", "shim"));

    /// <summary>The symbol versions of libstdc++ that <paramref name="library"/> asks for and this system lacks; writes and loads nothing.</summary>
    public static IReadOnlyList<string> Lacking(string library) =>
        OperatingSystem.IsLinux() && SystemLibStdCxx() is { } standard
            ? ElfVersionNeeds.Weaken(File.ReadAllBytes(library), VersionPrefix, ElfVersionNeeds.VersionNames(File.ReadAllBytes(standard), VersionPrefix))
            : [];

    /// <summary>The file to load: <paramref name="library"/> itself, or a copy of it that this system's libstdc++ satisfies.</summary>
    /// <param name="library">The library as it was built.</param>
    /// <param name="temporary">A folder to remove once the file is loaded (this system keeps what is mapped), or null.</param>
    public static string Loadable(string library, out string? temporary)
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
            return Written(Path.Combine(CopyFolder, $"{name}-{weakened.Count}", Path.GetFileName(library)), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written to, as services have.
            temporary = Directory.CreateTempSubdirectory("watermeters-").FullName;
            return Written(Path.Combine(temporary, Path.GetFileName(library)), file);
        }
    }

    private static string Written(string copy, byte[] file)
    {
        if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            AtomicFile.Write(copy, stream => stream.Write(file));
        }

        return copy;
    }

    /// <summary>The libstdc++ this process uses (it is there by now: the runtime itself needs it), or null.</summary>
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
