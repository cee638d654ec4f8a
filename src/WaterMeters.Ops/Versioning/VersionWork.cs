using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>Work that moves the files of versions: what it is asked for, and what it reports.</summary>
/// <typeparam name="TOptions">What it is asked for.</typeparam>
public abstract class VersionWork<TOptions>
    where TOptions : VersionOptions
{
    private protected VersionWork(TOptions options, Action<TransferState>? report)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Options, Progress) = (options, new TransferProgress(report));
    }

    /// <summary>Called before each step that writes or removes, from any thread.</summary>
    public Action<string> Announce { get; init; } = _ => { };

    /// <summary>Called with a warning, from the calling thread.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>Opens a remote.</summary>
    internal Func<RemoteSettings, IObjectStore> OpenRemote { get; init; } = ObjectStores.Remote;

    private protected TOptions Options { get; }

    private protected TransferProgress Progress { get; }
}
