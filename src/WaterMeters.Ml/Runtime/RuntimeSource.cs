using System.IO.Compression;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>libtorch's files where they come from: a package, whose hash has been checked, or a folder.</summary>
public sealed class RuntimeSource : IDisposable
{
    private const string Licence = "LICENSE-LIBTORCH.txt";

    private readonly IDisposable? archive;

    private RuntimeSource(RuntimePackage package, string name, string sha512, IEnumerable<RuntimeFile> files, IDisposable? archive = null)
    {
        (Package, Name, Sha512, this.archive) = (package, name, sha512, archive);
        Files = [.. files];
        Bytes = Files.Sum(f => f.Length);
    }

    /// <summary>The package it stands for.</summary>
    public RuntimePackage Package { get; }

    /// <summary>The folder, file or address it comes from.</summary>
    public string Name { get; }

    /// <summary>The package's hash; empty for a folder of loose files.</summary>
    public string Sha512 { get; }

    /// <summary>Bytes of all files.</summary>
    public long Bytes { get; }

    internal IReadOnlyList<RuntimeFile> Files { get; }

    /// <summary>
    /// The package file that a path stands for: itself, or the one that lies in the folder, as in NuGet's package folder;
    /// null when the folder holds loose files.
    /// </summary>
    /// <exception cref="RuntimeInstallationException">There is neither file nor folder, or the folder does not hold libtorch.</exception>
    public static string? PackageFile(string path, RuntimePackage package)
    {
        if (File.Exists(path)) return path;
        if (!Directory.Exists(path)) throw Unusable(path, $"There is neither a file nor a folder '{path}'. Name the package {package.FileName}, a folder with libtorch, or the address of a feed's index.json.");
        string inside = Path.Combine(path, package.FileName);
        if (File.Exists(inside)) return inside;
        if (LibraryFolder(path, package) is null) throw Unusable(path, $"'{path}' holds neither {package.FileName} nor {RuntimePlatform.LibraryFile("torch_cpu")}, itself or in lib or {package.NativeFolder}. Name the folder that does.");
        return null;
    }

    /// <summary>Opens a package file and checks its hash.</summary>
    /// <param name="file">The .nupkg file.</param>
    /// <param name="package">The package it must be.</param>
    /// <param name="sha512">The hash it must have, base64.</param>
    /// <param name="name">Where it comes from, when that is not the file itself.</param>
    /// <param name="report">Is told how far the reading is.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="RuntimeInstallationException">It cannot be read, has another hash, or does not hold libtorch for the platform.</exception>
    public static RuntimeSource OpenPackage(string file, RuntimePackage package, string sha512, string? name, Action<TransferProgress> report, CancellationToken stop)
    {
        FileStream? stream = null;
        try
        {
            // The same handle is hashed and unpacked: nobody can exchange the file in between.
            stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            string found = PackageHash.Compute(stream, bytes => report(new($"Checking {package.FileName}", bytes, stream.Length)), stop);
            if (found != sha512)
            {
                throw new RuntimeInstallationException(RuntimeInstallationFault.HashMismatch, file,
                    $"'{file}' is not {package.Id} {package.Version}, or is damaged: its SHA-512 is {found}, expected is {sha512}. Download it again; for a package of your own give its hash with -Sha512.");
            }

            stream.Position = 0;
            var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            var files = archive.Entries
                .Where(e => e.FullName == Licence || e.FullName == $"{package.NativeFolder}/{e.Name}")
                .Select(e => new RuntimeFile(e.Name, e.Length, e.Open));
            var source = new RuntimeSource(package, name ?? file, sha512, files, archive);
            if (source.Files.Any(f => f.Name == RuntimePlatform.LibraryFile("torch_cpu"))) return source;
            throw Unusable(file, $"'{file}' holds no {RuntimePlatform.LibraryFile("torch_cpu")} in {package.NativeFolder}. Use the package {package.Id} {package.Version}.");
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (e is InvalidDataException) throw Unusable(file, $"'{file}' is no package: {e.Sentence()} Download it again.", e);
            if (e is IOException or UnauthorizedAccessException) throw Unusable(file, $"'{file}' cannot be read: {e.Sentence()} Name another file with -Source.", e);
            throw;
        }
    }

    /// <summary>Opens a folder with libtorch: its files as they are, for there is nothing to check them against.</summary>
    /// <exception cref="RuntimeInstallationException">It does not hold libtorch, or says itself that it is another version.</exception>
    public static RuntimeSource OpenFolder(string path, RuntimePackage package)
    {
        string folder = LibraryFolder(path, package) ?? throw Unusable(path, $"'{path}' does not hold libtorch for {package.Platform}. Name the folder that does.");
        try
        {
            // What PyTorch itself publishes says its version in a file beside lib: "2.10.0+cpu".
            string version = new[] { folder, Path.GetDirectoryName(folder) ?? folder }.Select(f => Path.Combine(f, "build-version"))
                .Where(File.Exists).Select(f => File.ReadAllText(f).Trim()).FirstOrDefault() ?? package.Version;
            if (version.Split('+')[0] != package.Version) throw Unusable(path, $"'{path}' holds libtorch {version}; this build of the module belongs to {package.Version}. Name a folder with that version.");

            // An unpacked package has the licence at its root.
            var licence = new FileInfo(Path.GetFullPath(Path.Combine(folder, "..", "..", "..", Licence)));
            var files = new DirectoryInfo(folder).EnumerateFiles().Where(f => IsLibrary(f.Name) || f.Name == Licence).Concat(licence.Exists ? [licence] : []);
            return new RuntimeSource(package, path, "", files.Select(f => new RuntimeFile(f.Name, Length(f), f.OpenRead)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, $"'{path}' cannot be read: {e.Sentence()} Name another folder with -Source.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => archive?.Dispose();

    private static string? LibraryFolder(string path, RuntimePackage package) =>
        new[] { path, Path.Combine(path, "lib"), Path.GetFullPath(Path.Combine(path, package.NativeFolder)) }.FirstOrDefault(LibTorchLocator.Holds);

    private static bool IsLibrary(string name) =>
        name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".dylib", StringComparison.Ordinal) ||
        name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);

    // A link says the length of its own name.
    private static long Length(FileInfo file) => (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length;

    private static RuntimeInstallationException Unusable(string path, string message, Exception? inner = null) =>
        new(RuntimeInstallationFault.SourceUnusable, path, message, inner);
}
