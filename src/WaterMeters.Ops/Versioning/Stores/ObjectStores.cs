using System.Runtime.CompilerServices;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>Opens the cache and the remotes of a repository.</summary>
internal static class ObjectStores
{
    /// <summary>Opens the cache.</summary>
    public static FolderStore Cache(DvcRepository repository) =>
        new(repository.CacheFolder, repository.IsShared) { Clones = repository.LinkKinds.Contains(LinkKind.Reflink) };

    /// <summary>Opens a remote; nothing is sent yet.</summary>
    public static IObjectStore Remote(RemoteSettings remote) => remote.IsS3 ? InS3(remote) : new FolderStore(remote.Address);

    // A method of its own: it loads Amazon's client.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static S3Store InS3(RemoteSettings remote) => new(remote);
}
