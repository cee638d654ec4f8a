using System.Diagnostics;
using System.IO.Enumeration;

namespace WaterMeters.PowerShell.Completion;

/// <summary>
/// A bounded look through a folder, on a thread of its own: whoever presses Tab waits for a moment only, and takes what was
/// found until then. A home folder with 100,000 files or a network drive that sleeps costs that moment and no more.
/// </summary>
internal sealed class FolderScan
{
    /// <summary>Folders looked into, and entries seen in all of them together.</summary>
    private const int MostFolders = 400, MostEntries = 40_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(60), Remembered = TimeSpan.FromSeconds(3);
    private static readonly Dictionary<(string Folder, int Depth, string Extensions), FolderScan> Recent = [];

    // The photos of a data set: the folders with the most files, and never one that is looked for.
    private static readonly string[] Passed = ["images", "masks"];

    private static readonly EnumerationOptions Visible = new() { IgnoreInaccessible = true };

    private readonly List<FolderContents> contents = [];
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly string[] extensions;
    private readonly Task task;
    private int entries;

    private FolderScan(string folder, int depth, string[] extensions)
    {
        this.extensions = extensions;
        task = Task.Factory.StartNew(() => Run(folder, depth), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What is known of a folder after a moment, nearest folders first.</summary>
    /// <param name="folder">The folder, absolute; it need not be there.</param>
    /// <param name="depth">Levels of folders below it to look into.</param>
    /// <param name="extensions">Extensions of the files to list, with their dot.</param>
    public static IReadOnlyList<FolderContents> Look(string folder, int depth, string[] extensions)
    {
        FolderScan scan;
        lock (Recent)
        {
            // One that hangs is kept: the next Tab must not start another beside it.
            foreach (var (old, _) in Recent.Where(r => r.Value.task.IsCompleted && Stopwatch.GetElapsedTime(r.Value.started) > Remembered).ToArray()) Recent.Remove(old);
            var key = (folder, depth, string.Join('|', extensions));
            if (!Recent.TryGetValue(key, out scan!)) Recent.Add(key, scan = new FolderScan(folder, depth, extensions));
        }

        scan.task.Wait(Patience);
        lock (scan.contents) return [.. scan.contents];
    }

    private void Run(string root, int depth)
    {
        var next = new Queue<(string Relative, int Depth)>([("", 0)]);
        for (int looked = 0; looked < MostFolders && entries < MostEntries && next.TryDequeue(out var at); looked++)
        {
            try
            {
                var (folders, files) = List(Path.Join(root, at.Relative), out var inner);
                lock (contents) contents.Add(new FolderContents(at.Relative, folders, files));
                if (at.Depth == depth) continue;
                foreach (string name in inner) next.Enqueue((Path.Join(at.Relative, name), at.Depth + 1));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or System.Security.SecurityException)
            {
                // Unreadable, or gone since it was listed: the others are still worth a look.
            }
        }
    }

    private (List<string> Folders, List<FoundFile> Files) List(string folder, out List<string> inner)
    {
        var (folders, files) = (new List<string>(), new List<FoundFile>());
        inner = [];
        var found = new FileSystemEnumerable<(FoundFile File, bool IsFolder, bool IsLink)>(folder, Describe, Visible) { ShouldIncludePredicate = IsWanted };
        foreach (var (file, isFolder, isLink) in found)
        {
            if (entries > MostEntries) break;
            if (!CanBeTyped(file.Name)) continue;
            if (!isFolder) files.Add(file);
            else folders.Add(file.Name);

            // A link may lead back to where it lies.
            if (isFolder && !isLink && !Passed.Contains(file.Name, StringComparer.OrdinalIgnoreCase)) inner.Add(file.Name);
        }

        return (folders, files);
    }

    private static (FoundFile File, bool IsFolder, bool IsLink) Describe(ref FileSystemEntry entry) =>
        (new FoundFile(entry.FileName.ToString(), entry.IsDirectory ? default : entry.LastWriteTimeUtc), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0);

    // True past the bound too, for only what is let through comes back to the loop that ends there.
    private bool IsWanted(ref FileSystemEntry entry)
    {
        if (++entries > MostEntries || entry.IsDirectory) return true;
        foreach (string extension in extensions)
        {
            if (entry.FileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    // A line break cannot be typed, and PowerShell takes a backslash for a separator everywhere.
    private static bool CanBeTyped(string name) => !name.Any(c => char.IsControl(c) || c == '\\');
}
