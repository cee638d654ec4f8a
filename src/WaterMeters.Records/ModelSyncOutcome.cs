namespace WaterMeters;

/// <summary>What a synchronization did.</summary>
public enum ModelSyncOutcome
{
    /// <summary>The version was downloaded, and is the production model now.</summary>
    Updated,

    /// <summary>The version was there already; nothing was written.</summary>
    Current,

    /// <summary>The store could not be reached; the model of an earlier synchronization stays.</summary>
    Cached,
}
