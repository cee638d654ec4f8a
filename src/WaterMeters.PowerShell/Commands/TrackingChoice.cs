using WaterMeters.Ml.Settings;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Stores;

namespace WaterMeters.PowerShell.Commands;

/// <summary>The tracking store that a cmdlet uses, and the names it uses there.</summary>
/// <param name="Place">The store.</param>
/// <param name="Settings">The settings of the project.</param>
internal sealed record TrackingChoice(TrackingPlace Place, TrackingSettings Settings)
{
    /// <summary>The experiment: MLFLOW_EXPERIMENT_NAME, <c>tracking.experiment</c> of wms.yaml, or the default.</summary>
    public string Experiment =>
        Environment.GetEnvironmentVariable(TrackingStores.ExperimentName) is { } name && !string.IsNullOrWhiteSpace(name) ? name.Trim()
        : Settings.Experiment ?? TrackingStores.DefaultName;

    /// <summary>The registered model: <c>model.name</c> of wms.yaml, or the default.</summary>
    public string Model => Settings.Model ?? TrackingStores.DefaultName;

    /// <summary>Opens the store.</summary>
    /// <exception cref="TrackingException">The address or a setting of the server is not valid.</exception>
    public ITrackingStore Open() => TrackingStores.Open(Place, Environment.GetEnvironmentVariable);

    /// <summary>Opens the local store, also where a server is chosen.</summary>
    /// <exception cref="TrackingException">There is a folder store.</exception>
    public ITrackingStore OpenLocal() => TrackingStores.OpenLocal(Place);
}
