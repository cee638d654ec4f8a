using System.IO.Compression;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>The files of libtorch to install: from a package with a checked hash, or from a folder.</summary>
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

    /// <summary>The package that the files belong to.</summary>
    public RuntimePackage Package { get; }

    /// <summary>The folder, file or address that the files come from.</summary>
    public string Name { get; }

    /// <summary>The package's SHA-512 in base64; empty for a folder of loose files.</summary>
    public string Sha512 { get; }

    /// <summary>The size of all files in bytes.</summary>
    public long Bytes { get; }

    internal IReadOnlyList<RuntimeFile> Files { get; }

    /// <summary>
    /// Finds the package file for a path: the file itself, or the one in the folder, as in NuGet's package folder; null when the folder
    /// contains loose files.
    /// </summary>
    /// <exception cref="RuntimeInstallationException">The path does not exist, or the folder does not contain libtorch.</exception>
    public static string? PackageFile(string path, RuntimePackage package)
    {
        if (File.Exists(path)) return path;
        if (!Directory.Exists(path))
        {
            throw Unusable(path,
                $"'{path}' does not exist. Pass the package {package.FileName}, a folder with libtorch, or the address of a feed's " +
                "index.json.",
                new FileNotFoundException());
        }

        string inside = Path.Combine(path, package.FileName);
        if (File.Exists(inside)) return inside;
        if (LibraryFolder(path, package) is not null) return null;
        throw Unusable(path,
            $"'{path}' contains neither {package.FileName} nor {RuntimePlatform.LibraryFile("torch_cpu")}, also not in its subfolders " +
            $"lib and {package.NativeFolder}. Choose the folder that does.");
    }

    /// <summary>Opens a package file and checks its hash.</summary>
    /// <param name="file">The .nupkg file.</param>
    /// <param name="package">The package it must be.</param>
    /// <param name="sha512">The hash it must have, base64.</param>
    /// <param name="name">The address it was downloaded from; null for the file itself.</param>
    /// <param name="report">Called with the progress of reading.</param>
    /// <param name="stop">Cancels the reading.</param>
    /// <exception cref="RuntimeInstallationException">It cannot be read, has another hash, or does not contain libtorch for the
    /// platform.</exception>
    public static RuntimeSource OpenPackage(
        string file, RuntimePackage package, string sha512, string? name, Action<TransferProgress> report, CancellationToken stop)
    {
        FileStream? stream = null;
        try
        {
            // The same handle is hashed and unpacked, so the file cannot be replaced in between.
            stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            string found = PackageHash.Compute(stream, bytes => report(new($"Checking {package.FileName}", bytes, stream.Length)), stop);
            if (found != sha512)
            {
                throw new RuntimeInstallationException(RuntimeInstallationFault.HashMismatch, file,
                    $"'{file}' is not {package.Id} {package.Version}, or is damaged: its SHA-512 is {found}, but {sha512} was expected. " +
                    "Download it again; for your own package pass its hash with -Sha512.");
            }

            stream.Position = 0;
            var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            var files = archive.Entries
                .Where(e => e.FullName == Licence || e.FullName == $"{package.NativeFolder}/{e.Name}")
                .Select(e => new RuntimeFile(e.Name, e.Length, e.Open));
            var source = new RuntimeSource(package, name ?? file, sha512, files, archive);
            if (source.Files.Any(f => f.Name == RuntimePlatform.LibraryFile("torch_cpu"))) return source;
            throw Unusable(file,
                $"'{file}' does not contain {package.NativeFolder}/{RuntimePlatform.LibraryFile("torch_cpu")}. " +
                $"Use the package {package.Id} {package.Version}.");
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (e is InvalidDataException) throw Unusable(file, $"'{file}' is not a NuGet package: {e.Sentence()} Download it again.", e);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw Unusable(file,
                    $"Cannot read '{file}': {e.Sentence()} Check its permissions, or choose another file with -Source.", e);
            }


            throw;
        }
    }

    /// <summary>Opens a folder with libtorch. Its files are not checked: they have no known hash.</summary>
    /// <exception cref="RuntimeInstallationException">It does not contain libtorch, or contains another version.</exception>
    public static RuntimeSource OpenFolder(string path, RuntimePackage package)
    {
        string folder = LibraryFolder(path, package)
            ?? throw Unusable(path, $"'{path}' does not contain libtorch for {package.Platform}. Choose the folder that does.");
        try
        {
            // The archives that PyTorch publishes have their version in a file next to lib: "2.10.0+cpu".
            string version = new[] { folder, Path.GetDirectoryName(folder) ?? folder }.Select(f => Path.Combine(f, "build-version"))
                .Where(File.Exists).Select(f => File.ReadAllText(f).Trim()).FirstOrDefault() ?? package.Version;
            if (version.Split('+')[0] != package.Version)
            {
                throw Unusable(path,
                    $"'{path}' contains libtorch {version}, but this build needs {package.Version}. Choose a folder with that version.");
            }

            // An unpacked package has the licence at its root.
            var licence = new FileInfo(Path.GetFullPath(Path.Combine(folder, "..", "..", "..", Licence)));
            var files = new DirectoryInfo(folder).EnumerateFiles().Where(f => IsLibrary(f.Name) || f.Name == Licence)
                .Concat(licence.Exists ? [licence] : []);
            return new RuntimeSource(package, path, "", files.Select(f => new RuntimeFile(f.Name, Length(f), f.OpenRead)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, $"Cannot read '{path}': {e.Sentence()} Check its permissions, or choose another folder with -Source.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => archive?.Dispose();

    private static string? LibraryFolder(string path, RuntimePackage package) =>
        new[] { path, Path.Combine(path, "lib"), Path.GetFullPath(Path.Combine(path, package.NativeFolder)) }
            .FirstOrDefault(LibTorchLocator.ContainsLibTorch);

    private static bool IsLibrary(string name) =>
        name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".dylib", StringComparison.Ordinal) ||
        name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);

    // The length of a link is that of its target's name, so ask the target.
    private static long Length(FileInfo file) => (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length;

    private static RuntimeInstallationException Unusable(string path, string message, Exception? inner = null) =>
        new(RuntimeInstallationFault.SourceUnusable, path, message, inner);
}

/// <summary>A file to install.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Open">Opens its content for reading.</param>
internal sealed record RuntimeFile(string Name, long Length, Func<Stream> Open);
