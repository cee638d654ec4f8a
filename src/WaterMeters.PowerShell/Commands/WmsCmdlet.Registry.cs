using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

// The models that -Model names in a registry: a stage, an alias, a version, a run or MLflow's own addresses.
public abstract partial class WmsCmdlet
{
    private const string InProduction = nameof(RegistryStage.Production);

    // Many records of the pipeline name the same version.
    private readonly Dictionary<(string Store, string Name), string> located = [];

    private PipelineWorker? lookup;

    /// <summary>The tracking store that the cmdlet was given; null for the one of the environment or the project.</summary>
    private protected virtual string? StoreAddress => null;

    /// <summary>Whether a text begins as an address of MLflow, although it is none.</summary>
    private static bool IsRegistryAddress(string text) =>
        text.StartsWith("models:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("runs:", StringComparison.OrdinalIgnoreCase);

    private static bool IsRegistryName(string text) => ModelReference.Parse(text) is not null;

    /// <summary>Finds the file of a registered model. False after a failure, see <see cref="Fail"/>.</summary>
    /// <param name="name">The name; null for the version in production.</param>
    /// <param name="file">The file of this name, which does not exist; empty if the name is not one of a file.</param>
    /// <param name="path">The file of the model.</param>
    private bool TryRegisteredModel(string? name, string file, out string path)
    {
        if (located.TryGetValue((StoreAddress ?? "", name ?? ""), out path!)) return true;
        path = "";
        if (!TryTracking(string.IsNullOrEmpty(StoreAddress) ? null : StoreAddress, out var tracking, warnOfFile: false)) return false;
        var reference = ModelReference.Parse(name ?? InProduction)!;
        if (!tracking.Place.IsServer && !File.Exists(tracking.Place.DatabasePath))
        {
            // A word without a sign of a registry was most likely meant as a file.
            bool isWord = file.Length > 0 && reference is { Kind: ModelReferenceKind.Alias, Model: null } && name![0] != '@';
            Fail(isWord ? WmsErrors.ModelNotFound(name!, file) : NotFound(null));
            return false;
        }

        string? cache = UserFolder.Cache(Location);
        LocatedModel? found = null;
        TrackingException? missing = null;
        void Locate(PipelineWorker worker)
        {
            using var store = tracking.Open();
            var locator = new ModelLocator
            {
                Store = store,
                DefaultModel = tracking.Model,
                Cache = cache is null ? null : new ModelCache(cache),
                Warn = worker.Warn,
                Report = worker.Verbose,
            };
            try
            {
                found = locator.Locate(reference, worker.Stopping);
            }
            catch (TrackingException e) when (e.Fault == TrackingFault.NotFound)
            {
                missing = e;
            }
        }

        if (!TryOnSecondWorker(Locate, reference.Address(tracking.Model))) return false;
        if (found is null)
        {
            Fail(NotFound(missing));
            return false;
        }

        WriteVerbose($"'{reference.Address(tracking.Model)}' is '{found.Label}', '{found.Path}'.");
        ModelName.Register(found.Path, found.Label);
        located[(StoreAddress ?? "", name ?? "")] = path = found.Path;
        return true;

        System.Management.Automation.ErrorRecord NotFound(TrackingException? registry) =>
            name is null ? WmsErrors.NoModel(Location, registry) : WmsErrors.NotRegistered(name, registry);
    }

    /// <summary>
    /// Runs work on a worker thread beside the one of the cmdlet, which may be predicting with the model of an earlier record. False after
    /// a failure.
    /// </summary>
    private protected bool TryOnSecondWorker(Action<PipelineWorker> work, object target)
    {
        using var second = new PipelineWorker(this, work);
        try
        {
            lookup = second;
            Interlocked.MemoryBarrier();
            if (Stopping) second.Stop();
            second.PumpToEnd();
            return true;
        }
        catch (OperationCanceledException)
        {
            throw new System.Management.Automation.PipelineStoppedException();
        }
        catch (Exception e) when (second.HasThrown(e))
        {
            Fail(WmsErrors.From(e, target));
            return false;
        }
        finally
        {
            lookup = null;
        }
    }
}
