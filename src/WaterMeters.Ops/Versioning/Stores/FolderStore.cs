using System.Collections.Concurrent;
using System.IO.Enumeration;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>Objects in a folder. They are read-only, so that a program that follows a link cannot change them by accident.</summary>
/// <param name="folder">Absolute path; it need not exist.</param>
/// <param name="isShared">Whether the group of the folder may write into it.</param>
internal sealed class FolderStore(string folder, bool isShared = false) : IObjectStore
{
    private const UnixFileMode Protected = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode SharedFolder = UnixFileMode.SetGroup
        | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] AllFolders =
        [.. Enumerable.Range(0, 256).Select(number => number.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))];

    private static int files;

    private readonly ConcurrentDictionary<string, bool> made = new(StringComparer.Ordinal);
    private volatile bool cannotClone;

    /// <inheritdoc/>
    public string Address => folder;

    /// <inheritdoc/>
    public int Parallelism => Math.Max(2, Environment.ProcessorCount);

    /// <summary>Whether a file is a reflink if that can be; otherwise a copy.</summary>
    public bool Clones { get; init; }

    /// <summary>Returns the path of an object, which need not exist.</summary>
    public string PathOf(ObjectLayout layout, ObjectId id) =>
        Path.Combine(folder, layout.PathOf(id).Replace('/', Path.DirectorySeparatorChar));

    /// <inheritdoc/>
    public ObjectInventory Find(ObjectLayout layout, IReadOnlyCollection<ObjectId>? wanted, CancellationToken stop) => Guarded(folder, () =>
    {
        var found = new ObjectInventory(wanted?.Count ?? 0) { IsComplete = wanted is null };
        string root = Path.Combine(folder, layout.Prefix.Replace('/', Path.DirectorySeparatorChar));
        if (!Directory.Exists(root)) return found;

        // Listing a folder costs less than a question for each file in it.
        var folders = wanted is null ? AllFolders : [.. wanted.Select(FolderOf).Distinct().Select(number => AllFolders[number])];
        var parts = new List<(ObjectId Id, long Size)>[folders.Length];
        ParallelWork.Run(folders.Length, Parallelism, i => parts[i] = ListFolder(root, folders[i]), stop);
        foreach (var (id, size) in parts.SelectMany(part => part)) found.Add(id, size);
        return found;
    });

    /// <inheritdoc/>
    public Stream Read(ObjectLayout layout, ObjectId id, Func<long, Stream> open, CancellationToken stop)
    {
        string path = PathOf(layout, id);
        try
        {
            using var source = RegularFile.Open(path, Reading);
            var target = open(source.Length);
            CopyTo(source, target, stop);
            return target;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MissingObjectException(id, folder, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Refused(path, e);
        }
    }

    /// <inheritdoc/>
    public void Write(ObjectLayout layout, ObjectId id, ReadOnlyMemory<byte> content, bool replace, CancellationToken stop) =>
        Place(PathOf(layout, id), temporary =>
        {
            using var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, preallocationSize: 0);
            RandomAccess.Write(file, content.Span, 0);
            Protect(temporary, file);
            return true;
        });

    /// <inheritdoc/>
    public bool WriteFile(ObjectLayout layout, ObjectId id, string file, bool replace, CancellationToken stop) =>
        Place(PathOf(layout, id), temporary =>
        {
            if (Clones && !cannotClone)
            {
                cannotClone = !FileCloner.TryClone(file, temporary);
                if (!cannotClone && HashOf(temporary, layout, stop) != id.Hash) return false;
            }

            if (!Clones || cannotClone)
            {
                using var source = HeldFile.OpenRead(file, FileOptions.SequentialScan);
                using var target = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
                using var hasher = new ContentHasher(layout.IsLegacy);
                CopyTo(source, target, stop, bytes => hasher.Append(bytes));
                if (hasher.Finish() != id.Hash) return false;
            }

            Protect(temporary, null);
            return true;
        });

    /// <inheritdoc/>
    public bool IsIntact(ObjectLayout layout, ObjectId id, CancellationToken stop)
    {
        string path = PathOf(layout, id);
        return Guarded(path, () => HashOf(path, layout, stop) == id.Hash);
    }

    /// <summary>Writes an object that arrives in a stream; false if what arrived has another hash, and then nothing was written.</summary>
    public bool Receive(ObjectLayout layout, ObjectId id, Action<Stream> fill, CancellationToken stop) =>
        Place(PathOf(layout, id), temporary =>
        {
            using (var target = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None)) fill(target);
            if (HashOf(temporary, layout, stop) != id.Hash) return false;
            Protect(temporary, null);
            return true;
        });

    /// <summary>Removes an object that is damaged.</summary>
    public void Remove(ObjectLayout layout, ObjectId id)
    {
        string path = PathOf(layout, id);
        Guarded(path, () =>
        {
            HeldFile.Delete(path);
            return true;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Copies a stream, and looks at the token between two pieces.</summary>
    internal static void CopyTo(Stream source, Stream target, CancellationToken stop, SpanAction? each = null)
    {
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            while (source.Read(buffer) is > 0 and int count)
            {
                stop.ThrowIfCancellationRequested();
                each?.Invoke(buffer.AsSpan(0, count));
                target.Write(buffer, 0, count);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Receives bytes.</summary>
    internal delegate void SpanAction(ReadOnlySpan<byte> bytes);

    /// <summary>Computes the hash of a file.</summary>
    internal static ContentHash HashOf(string path, ObjectLayout layout, CancellationToken stop)
    {
        using var source = RegularFile.Open(path, Reading);
        using var hasher = new ContentHasher(layout.IsLegacy);
        CopyTo(source, Stream.Null, stop, bytes => hasher.Append(bytes));
        return hasher.Finish();
    }

    private static int FolderOf(ObjectId id) => (int)(id.Hash.Value >> 120);

    private static FileStreamOptions Reading => new()
    {
        Access = FileAccess.Read,
        BufferSize = 0,
        Mode = FileMode.Open,
        Options = FileOptions.SequentialScan,
        Share = FileShare.ReadWrite | FileShare.Delete,
    };

    private static List<(ObjectId Id, long Size)> ListFolder(string root, string name)
    {
        var found = new List<(ObjectId, long)>();
        string path = Path.Combine(root, name);
        if (!Directory.Exists(path)) return found;
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.None };
        bool hasOrphans = false;
        var entries = new FileSystemEnumerable<(ObjectId Id, long Size)?>(path, (ref FileSystemEntry entry) =>
        {
            if (ObjectLayout.TryParse(name, entry.FileName, out var id)) return entry.IsDirectory ? null : (id, entry.Length);
            hasOrphans |= entry.FileName.EndsWith(".tmp", StringComparison.Ordinal);
            return null;
        }, options);
        foreach (var entry in entries)
        {
            if (entry is { } known) found.Add(known);
        }

        if (hasOrphans) RemoveOrphans(path);
        return found;
    }

    private static void RemoveOrphans(string folder)
    {
        var orphans = OrphanedFiles.InFolderContaining(Path.Combine(folder, "x"));
        foreach (string name in Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!))
        {
            if (!name.StartsWith('.') || !name.EndsWith(".tmp", StringComparison.Ordinal)) continue;
            string[] parts = name[1..].Split('.');
            if (parts.Length >= 3) orphans.Remove(Path.Combine(folder, string.Join('.', parts[..^2])));
        }
    }

    private bool Place(string path, Func<string, bool> write)
    {
        return Guarded(path, () =>
        {
            MakeFolder(Path.GetDirectoryName(path)!);
            string temporary = OrphanedFiles.TemporaryPath(path, Interlocked.Increment(ref files));
            bool isPlaced = false;
            try
            {
                if (!write(temporary)) return false;
                HeldFile.Move(temporary, path, overwrite: true);
                return isPlaced = true;
            }
            finally
            {
                if (!isPlaced) Discard(temporary);
            }
        });
    }

    private static void Discard(string temporary)
    {
        try
        {
            HeldFile.Delete(temporary);
        }
        catch (Exception e) when (VersionErrors.IsOfFiles(e))
        {
            // The error being reported is the useful one.
        }
    }

    private void MakeFolder(string path)
    {
        if (made.ContainsKey(path)) return;
        if (!Directory.Exists(path))
        {
            bool hasOwnMode = isShared && !OperatingSystem.IsWindows();
            if (hasOwnMode && Path.GetDirectoryName(path) is { } parent) MakeFolder(parent);
            Directory.CreateDirectory(path);

            // With the mode of the folder, not that of the process: others of the group write there too.
            if (hasOwnMode && !OperatingSystem.IsWindows()) File.SetUnixFileMode(path, SharedFolder);
        }

        made.TryAdd(path, true); // now that it is there: another thread would write into it
    }

    private static void Protect(string path, Microsoft.Win32.SafeHandles.SafeFileHandle? file)
    {
        if (OperatingSystem.IsWindows()) return; // a read-only file could not be replaced or removed there without more ado
        if (file is not null) File.SetUnixFileMode(file, Protected);
        else File.SetUnixFileMode(path, Protected);
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (UnauthorizedAccessException e)
        {
            throw Refused(path, e);
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            throw new DatasetVersionException(DatasetVersionFault.RemoteUnavailable, path,
                $"Cannot use '{path}': {e.Sentence()} Check that its drive is there and has free space, and try again.", e);
        }
    }

    private static DatasetVersionException Refused(string path, UnauthorizedAccessException e) => new(
        DatasetVersionFault.AccessDenied, path,
        $"Cannot use '{path}': access is denied. Change the permissions of its folder, or the url of the remote.", e);
}
