using System.Management.Automation;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Base of the cmdlets for registered models: which store, and which model in it.</summary>
public abstract class RegistryCmdlet : WmsCmdlet
{
    /// <summary>Name of the registered model.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "model.name of wms.yaml, or water-meter-segmentation")]
    [Alias("RegisteredModel")]
    [AllowNull, AllowEmptyString]
    public string? ModelName { get; set; }

    /// <summary>The store of runs and models: a database (sqlite:///PATH, or the path of a .db file) or a server (http or https).</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "MLFLOW_TRACKING_URI, tracking.uri of wms.yaml, or the nearest mlflow.db")]
    [AllowNull, AllowEmptyString]
    public string? TrackingUri { get; set; }

    /// <inheritdoc/>
    private protected override string? StoreAddress => TrackingUri;

    /// <inheritdoc/>
    private protected override bool FailureTerminates => !MyInvocation.ExpectingInput;

    // On the command line, an empty value is that of an unset variable; a record may leave it empty.
    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        (string Name, string? Value)[] values = [(nameof(ModelName), ModelName), (nameof(TrackingUri), TrackingUri)];
        foreach (var (name, value) in values)
        {
            if (IsGiven(name) && string.IsNullOrWhiteSpace(value)) ThrowTerminatingError(WmsErrors.From(WmsErrors.EmptyParameter(name)));
        }
    }

    /// <summary>Chooses the store and the registered model; opens nothing. False after an error.</summary>
    /// <param name="reference">The text that names a version, which can have the name of the model in it; null for none.</param>
    /// <param name="tracking">The store.</param>
    /// <param name="name">Name of the registered model.</param>
    private protected bool TryRegistry(
        string? reference, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TrackingChoice? tracking, out string name)
    {
        name = "";
        if (!TryTracking(string.IsNullOrEmpty(TrackingUri) ? null : TrackingUri, out tracking)) return false;
        name = string.IsNullOrEmpty(ModelName)
            ? (reference is null ? null : ModelReference.Parse(reference)?.Model) ?? tracking.Model
            : ModelName;
        return true;
    }

    /// <summary>Opens the store to read it, or to change what it has.</summary>
    /// <exception cref="TrackingException">
    /// <see cref="TrackingFault.NotFound"/>: there is no such database; others: the address is not valid.
    /// </exception>
    private protected static ITrackingStore OpenExisting(TrackingChoice tracking, string name)
    {
        var store = tracking.Open();
        if (tracking.Place.IsServer || System.IO.File.Exists(tracking.Place.DatabasePath)) return store;
        store.Dispose();
        throw new TrackingException(
            TrackingFault.NotFound,
            name,
            $"The model '{name}' has no version: there is no database '{tracking.Place.DatabasePath}'. Publish-WmsModel creates it; "
                + "another one is named with -TrackingUri or MLFLOW_TRACKING_URI.");
    }

    /// <summary>Writes an error about a parameter. Returns false.</summary>
    private protected bool Refuse(string parameter, string message)
    {
        Fail(WmsErrors.From(new SettingsException(parameter, message)));
        return false;
    }

    /// <summary>
    /// Returns an error that adds which model was copied here before; the same error if it has another reason than a store that cannot be
    /// reached, or if no model was copied.
    /// </summary>
    private protected static Exception WithCached(TrackingException fault, string location, TrackingChoice tracking, string name)
    {
        string folder = ModelSynchronizer.FolderFor(location, tracking.Settings.Folder);
        return ModelSynchronizer.IsOffline(fault) && ModelSynchronizer.Cached(folder, name, "") is { } cached
            ? new TrackingException(
                fault.Fault, fault.Target, $"{fault.Message} Use the model that is here: {ModelSynchronizer.Describe(cached)}.", fault)
            : fault;
    }
}
