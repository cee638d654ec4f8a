using System.Runtime.InteropServices;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>Puts objects of the cache in place: completely or not at all, and as a new file, so that no link is written through.</summary>
/// <param name="cache">The cache.</param>
/// <param name="kinds">How, the first that works.</param>
internal sealed partial class FilePlacer(FolderStore cache, IReadOnlyList<LinkKind> kinds)
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static int files;

    private readonly HashSet<LinkKind> useless = [];

    /// <summary>Puts an object in place.</summary>
    /// <param name="layout">Where it is in the cache.</param>
    /// <param name="id">The object, which is in the cache.</param>
    /// <param name="content">Its bytes, if they are at hand.</param>
    /// <param name="path">Where it goes. The folder exists.</param>
    /// <param name="isExecutable">Whether it is an executable file.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="DatasetVersionException">It cannot be written, as on a full disk.</exception>
    public void Place(ObjectLayout layout, ObjectId id, byte[]? content, string path, bool isExecutable, CancellationToken stop)
    {
        try
        {
            Place(cache.PathOf(layout, id), content, path, isExecutable, stop);
        }
        catch (IOException e) when (e is not HeldFileException)
        {
            throw VersionErrors.Unusable(path,
                $"Cannot write '{path}': {e.Sentence()} Check that its drive is there and has free space, and run the command again.", e);
        }
    }

    private void Place(string source, byte[]? content, string path, bool isExecutable, CancellationToken stop)
    {
        if (!kinds.Where(IsUseful).Any(kind => TryPlace(kind, source, content, path, stop)))
        {
            Copy(source, content, path, stop); // a file system without links: a copy works everywhere
        }

        if (isExecutable && !OperatingSystem.IsWindows()) File.SetUnixFileMode(path, File.GetUnixFileMode(path) | Executable);
    }

    private bool IsUseful(LinkKind kind)
    {
        lock (useless) return !useless.Contains(kind);
    }

    private bool TryPlace(LinkKind kind, string source, byte[]? content, string path, CancellationToken stop)
    {
        if (kind == LinkKind.Copy)
        {
            Copy(source, content, path, stop);
            return true;
        }

        RegularFile.Require(path);
        string temporary = OrphanedFiles.TemporaryPath(path, Interlocked.Increment(ref files));
        if (!TryLink(kind, source, temporary))
        {
            lock (useless) useless.Add(kind);
            return false;
        }

        HeldFile.Move(temporary, path, overwrite: true);

        // rename(2) does nothing if both names are the same file already.
        if (kind == LinkKind.Hardlink) File.Delete(temporary);
        return true;
    }

    private static bool TryLink(LinkKind kind, string source, string path)
    {
        try
        {
            switch (kind)
            {
                case LinkKind.Reflink:
                    return FileCloner.TryClone(source, path);
                case LinkKind.Symlink:
                    File.CreateSymbolicLink(path, source);
                    return true;
                default:
                    return OperatingSystem.IsWindows()
                        ? CreateHardLink(SystemPaths.ToExtended(path), SystemPaths.ToExtended(source), 0)
                        : Link(source, path) == 0;
            }
        }
        catch (Exception e) when (VersionErrors.IsOfFiles(e))
        {
            return false;
        }
    }

    private static void Copy(string source, byte[]? content, string path, CancellationToken stop)
    {
        if (content is not null)
        {
            AtomicFile.WriteUnflushed(path, content);
            return;
        }

        using var from = HeldFile.OpenRead(source, FileOptions.SequentialScan);
        AtomicFile.Write(path, to => FolderStore.CopyTo(from, to, stop));
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string source, string path);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string path, string source, nint security);
}
