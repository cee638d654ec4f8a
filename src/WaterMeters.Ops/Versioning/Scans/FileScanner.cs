using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning.Scans;

/// <summary>The files of a file or folder with what is known of them without reading.</summary>
internal static class FileScanner
{
    private const int Chunk = 512;

    /// <summary>Lists files and takes the hashes of those that have not changed from an index.</summary>
    /// <param name="root">The root of the repository.</param>
    /// <param name="path">The file or folder; it may not exist.</param>
    /// <param name="index">The index.</param>
    /// <param name="stop">Stops the work.</param>
    /// <param name="destination">
    /// The folder that the files are to be part of, whose .dvcignore counts; null: <paramref name="path"/>.
    /// </param>
    /// <param name="cache">
    /// The cache: links into it that lead nowhere, because it was emptied, count as missing files; null: they are an error.
    /// </param>
    public static ScannedFile[] Scan(string root, string path, FileIndex index, CancellationToken stop, string? destination = null,
        string? cache = null)
    {
        if (!Directory.Exists(path))
        {
            if (FileStatus.TryRead(path) is { } single)
            {
                return [new("", path, single, index.TryGet("", single, out var known) ? known : null)];
            }

            if (RegularFile.Describe(path) is { } kind) throw NotAFile(path, kind);
            return [];
        }

        var names = FolderScan.List(root, path, destination ?? path, stop);
        var files = new ScannedFile[names.Count];
        ParallelWork.Run((names.Count + Chunk - 1) / Chunk, Math.Max(2, Environment.ProcessorCount), chunk =>
        {
            for (int i = chunk * Chunk; i < Math.Min(names.Count, (chunk + 1) * Chunk); i++)
            {
                string full = Path.Combine(path, names[i].Replace('/', Path.DirectorySeparatorChar));
                if (FileStatus.TryRead(full) is { } status)
                {
                    files[i] = new(names[i], full, status, index.TryGet(names[i], status, out var hash) ? hash : null);
                }
                else if (cache is null || !IsLinkInto(cache, full))
                {
                    throw NotRead(full);
                }
            }
        }, stop);
        return Array.TrueForAll(files, file => file.FullPath is not null) ? files : [.. files.Where(file => file.FullPath is not null)];
    }

    /// <summary>Reads the files whose hash is unknown.</summary>
    /// <param name="files">The files; they get their hashes.</param>
    /// <param name="layout">How they are hashed.</param>
    /// <param name="progress">Called after each file with its bytes.</param>
    /// <param name="stop">Stops the work.</param>
    /// <returns>How many were read.</returns>
    public static int Hash(ScannedFile[] files, ObjectLayout layout, Action<long> progress, CancellationToken stop)
    {
        int[] unknown = [.. files.Index().Where(f => f.Item.Hash is null).Select(f => f.Index)];
        ParallelWork.Run(unknown.Length, Math.Max(2, Environment.ProcessorCount), n =>
        {
            ref var file = ref files[unknown[n]];
            file = file with { Hash = FolderStore.HashOf(file.FullPath, layout, stop) };
            progress(file.Status.Size);
        }, stop);
        return unknown.Length;
    }

    private static bool IsLinkInto(string folder, string path) => new FileInfo(path).LinkTarget is { } target
        && Path.GetFullPath(target, Path.GetDirectoryName(path)!).StartsWith(
            folder + Path.DirectorySeparatorChar,
            OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    private static DatasetVersionException NotRead(string path)
    {
        if (RegularFile.Describe(path) is { } kind) return NotAFile(path, kind);
        if (new FileInfo(path).LinkTarget is not null) return NotAFile(path, "a link that leads nowhere");
        return VersionErrors.Unusable(path, path.Contains('\uFFFD', StringComparison.Ordinal)
            ? $"The name of '{path}' is not in UTF-8. Rename it."
            : $"'{path}' was removed while the folder was read. Wait until the program that changes the folder is done, and try again.");
    }

    private static DatasetVersionException NotAFile(string path, string kind) => VersionErrors.Unusable(path,
        $"'{path}' is {kind}, not a file. Remove it, or name it in .dvcignore.");
}
