using System.Diagnostics;
using System.IO.Enumeration;
using System.Security;

namespace WaterMeters.PowerShell.Completion;

/// <summary>One folder of a scan.</summary>
/// <param name="Relative">Path relative to the folder where the scan started; empty for that folder.</param>
/// <param name="Folders">Names of the subfolders.</param>
/// <param name="Files">Files with one of the requested extensions.</param>
internal sealed record FolderContents(string Relative, IReadOnlyList<string> Folders, IReadOnlyList<FoundFile> Files);

/// <summary>A file of a scan.</summary>
/// <param name="Name">Name without folder.</param>
/// <param name="Written">Time of the last write.</param>
internal sealed record FoundFile(string Name, DateTimeOffset Written);

/// <summary>
/// A bounded scan of a folder on a thread of its own. Tab completion waits briefly and uses what has been found by then, so a home folder
/// with 100,000 files or a sleeping network drive delays it no longer.
/// </summary>
internal sealed class FolderScan
{
    // Limits of a scan: folders read, and entries in all of them together.
    private const int MaxFolders = 400, MaxEntries = 40_000;

    private static readonly TimeSpan WaitTime = TimeSpan.FromMilliseconds(60), CacheTime = TimeSpan.FromSeconds(3);
    private static readonly Dictionary<(string Folder, int Depth, string Extensions), FolderScan> Recent = [];

    // The photos of a data set: the folders with the most files, and none of them a match.
    private static readonly string[] Skipped = ["images", "masks"];

    private static readonly EnumerationOptions Options = new() { IgnoreInaccessible = true };

    private readonly List<FolderContents> contents = [];
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly string[] extensions;
    private readonly Task task;
    private int entries;

    private FolderScan(string folder, int depth, string[] extensions)
    {
        this.extensions = extensions;
        task = Task.Factory.StartNew(
            () => Run(folder, depth), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Returns what a scan finds within a moment, nearest folders first.</summary>
    /// <param name="folder">Absolute path of the folder, which need not exist.</param>
    /// <param name="depth">Levels of subfolders to read.</param>
    /// <param name="extensions">Extensions of the files to list, with their dot.</param>
    public static IReadOnlyList<FolderContents> Read(string folder, int depth, string[] extensions)
    {
        FolderScan scan;
        lock (Recent)
        {
            // A scan that hangs is kept, so that the next Tab does not start another.
            foreach (var (old, _) in Recent.Where(r => r.Value.IsOutdated).ToArray()) Recent.Remove(old);
            var key = (folder, depth, string.Join('|', extensions));
            if (!Recent.TryGetValue(key, out scan!)) Recent.Add(key, scan = new FolderScan(folder, depth, extensions));
        }

        scan.task.Wait(WaitTime);
        lock (scan.contents) return [.. scan.contents];
    }

    private bool IsOutdated => task.IsCompleted && Stopwatch.GetElapsedTime(started) > CacheTime;

    private void Run(string root, int depth)
    {
        var next = new Queue<(string Relative, int Depth)>([("", 0)]);
        for (int read = 0; read < MaxFolders && entries < MaxEntries && next.TryDequeue(out var current); read++)
        {
            try
            {
                var (folders, files) = List(Path.Join(root, current.Relative), out var subfolders);
                lock (contents) contents.Add(new FolderContents(current.Relative, folders, files));
                if (current.Depth == depth) continue;
                foreach (string name in subfolders) next.Enqueue((Path.Join(current.Relative, name), current.Depth + 1));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or SecurityException)
            {
                // Unreadable, or deleted since it was listed: continue with the others.
            }
        }
    }

    private (List<string> Folders, List<FoundFile> Files) List(string folder, out List<string> subfolders)
    {
        var (folders, files) = (new List<string>(), new List<FoundFile>());
        subfolders = [];
        var found = new FileSystemEnumerable<Entry>(folder, Describe, Options) { ShouldIncludePredicate = IsIncluded };
        foreach (var (file, isFolder, isLink) in found)
        {
            if (entries > MaxEntries) break;
            if (!IsTypeable(file.Name)) continue;
            if (!isFolder) files.Add(file);
            else folders.Add(file.Name);

            // Links are not followed: they may form a cycle.
            if (isFolder && !isLink && !Skipped.Contains(file.Name, StringComparer.OrdinalIgnoreCase)) subfolders.Add(file.Name);
        }

        return (folders, files);
    }

    private static Entry Describe(ref FileSystemEntry entry) => new(
        new FoundFile(entry.FileName.ToString(), entry.IsDirectory ? default : entry.LastWriteTimeUtc),
        entry.IsDirectory,
        (entry.Attributes & FileAttributes.ReparsePoint) != 0);

    // True past the limit too: only included entries reach the loop that stops there.
    private bool IsIncluded(ref FileSystemEntry entry)
    {
        if (++entries > MaxEntries || entry.IsDirectory) return true;
        foreach (string extension in extensions)
        {
            if (entry.FileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    // A line break cannot be typed, and PowerShell treats a backslash as a separator on every system.
    private static bool IsTypeable(string name) => !name.Any(c => char.IsControl(c) || c == '\\');

    private readonly record struct Entry(FoundFile File, bool IsFolder, bool IsLink);
}
