using System.Buffers;
using System.Collections.Concurrent;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Scans;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>
/// Reads files once: hashes them, and writes them to the cache and to the remote if they are not there. Files of more than a few
/// megabytes are hashed first and read again to be sent, because an object is named by its hash. Safe for several threads.
/// </summary>
internal sealed class ContentSender
{
    private const int Attempts = 3;

    private readonly ConcurrentDictionary<ContentHash, Writing> cached = new(), sent = new();

    /// <summary>The cache; null if nothing is written.</summary>
    public required FolderStore? Cache { get; init; }

    /// <summary>What the cache holds.</summary>
    public required ObjectInventory CacheInventory { get; init; }

    /// <summary>Called before an object is written: its file and what is done with it.</summary>
    public Action<string> Announce { get; init; } = _ => { };

    /// <summary>Returns the file with its hash, which it reads if the remote needs it or the hash is unknown.</summary>
    /// <exception cref="DatasetVersionException">The file changes while it is read, or cannot be read.</exception>
    public ScannedFile Send(ScannedFile file, PublishDraft draft, CancellationToken stop)
    {
        try
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                var hash = file.Status.Size <= ObjectFetcher.SmallBytes
                    ? SendSmall(file, draft, stop)
                    : SendLarge(file, draft, stop);
                var after = FileStatus.TryRead(file.FullPath) ?? throw new FileNotFoundException("It was removed.", file.FullPath);
                if (hash is not null && after == file.Status) return file with { Hash = hash };
                file = file with { Status = after };
            }
        }
        catch (Exception e) when (VersionErrors.IsOfFiles(e))
        {
            throw VersionErrors.Unusable(file.FullPath,
                $"Cannot read '{file.FullPath}': {e.Sentence()} Close programs that use it, check its permissions, and try again.", e);
        }

        throw VersionErrors.Unusable(file.FullPath,
            $"'{file.FullPath}' changes while it is read. Wait until the program that writes it is done, and try again.");
    }

    /// <summary>Sends an object that is in the cache; false if it is not there, or damaged.</summary>
    public bool SendCached(ObjectId id, PublishRemote remote, SentCount count, CancellationToken stop)
    {
        string path = Cache?.PathOf(ObjectLayout.Current, id) ?? "";
        if (FileStatus.TryRead(path) is not { } status) return false;
        bool isRepair = remote.Inventory.Has(id);
        if (!remote.Store.WriteFile(ObjectLayout.Current, id, path, replace: isRepair, stop)) return false;
        count.Add(status.Size, isRepair);
        return true;
    }

    private ContentHash? SendSmall(ScannedFile file, PublishDraft draft, CancellationToken stop)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)file.Status.Size + 1);
        try
        {
            int length;
            using (var source = HeldFile.OpenRead(file.FullPath)) length = source.ReadAtLeast(buffer, buffer.Length,
                throwOnEndOfStream: false);
            if (length != file.Status.Size) return null;
            var content = buffer.AsMemory(0, length);
            var id = new ObjectId(ContentHasher.Of(content.Span, draft.Layout.IsLegacy));
            if (NeedsCache(id, length))
            {
                Once(cached, id, () =>
                {
                    Cache!.Write(draft.Layout, id, content, replace: false, stop);
                    return true;
                });
            }

            if (!NeedsRemote(draft.Remote, id, length)) return id.Hash;
            Once(sent, id, () =>
            {
                bool isRepair = Begin(draft, id, file);
                if (Cache is not null) draft.Remote!.Store.Write(draft.Layout, id, content, isRepair, stop);
                draft.Sent.Add(length, isRepair);
                return true;
            });
            return id.Hash;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ContentHash? SendLarge(ScannedFile file, PublishDraft draft, CancellationToken stop)
    {
        var id = new ObjectId(FolderStore.HashOf(file.FullPath, draft.Layout, stop));
        if (NeedsCache(id, file.Status.Size)
            && !Once(cached, id, () => Cache!.WriteFile(draft.Layout, id, file.FullPath, replace: false, stop)))
        {
            return null;
        }

        if (!NeedsRemote(draft.Remote, id, file.Status.Size)) return id.Hash;
        return Once(sent, id, () =>
        {
            bool isRepair = Begin(draft, id, file);
            if (Cache is not null && !draft.Remote!.Store.WriteFile(draft.Layout, id, file.FullPath, isRepair, stop)) return false;
            draft.Sent.Add(file.Status.Size, isRepair);
            return true;
        }) ? id.Hash : null;
    }

    private bool NeedsCache(ObjectId id, long size) => Cache is not null && !CacheInventory.Has(id, size);

    private static bool NeedsRemote(PublishRemote? remote, ObjectId id, long size) => remote is not null && !remote.Has(id, size);

    private bool Begin(PublishDraft draft, ObjectId id, ScannedFile file)
    {
        Announce(file.FullPath);
        return draft.Remote!.Inventory.Has(id);
    }

    /// <summary>
    /// Writes an object once, although several files have its content. Another thread waits for the first: if that fails because its file
    /// has changed, the next file with the content is the one that is written.
    /// </summary>
    private static bool Once(ConcurrentDictionary<ContentHash, Writing> all, ObjectId id, Func<bool> write)
    {
        var writing = all.GetOrAdd(id.Hash, _ => new Writing());
        lock (writing) return writing.IsDone = writing.IsDone || write();
    }

    private sealed class Writing
    {
        public bool IsDone { get; set; }
    }
}
