using WaterMeters.Ml.Evaluation.Promotions;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.PowerShell.Commands.Training;

// -Promote and the registry: which version is to be beaten, and the version that the trained model becomes.
public sealed partial class StartWmsTrainingCommand
{
    private TrackingChoice? registry;
    private int? beaten;

    /// <inheritdoc/>
    private protected override string? StoreAddress => TrackingUri;

    /// <summary>
    /// Finds the version in production; null if there is none, and with -NoTracking. False after an error: a registry that does not say
    /// whether there is one must not open the gate.
    /// </summary>
    private bool TryRegistryProduction(out LocatedModel? production)
    {
        production = null;
        (registry, beaten) = (null, null);
        if (NoTracking) return true;
        if (!TryTracking(TrackingUri, out var tracking, warnOfFile: false)) return false;
        registry = tracking;
        if (!tracking.Place.IsServer && !File.Exists(tracking.Place.DatabasePath)) return true;
        LocatedModel? found = null;
        string? cache = UserFolder.Cache(Location), local = ModelFile.Nearest(Location);
        void Find(PipelineWorker worker)
        {
            using var store = tracking.Open();
            try
            {
                found = new ModelLocator
                {
                    Store = store,
                    DefaultModel = tracking.Model,
                    Cache = cache is null ? null : new ModelCache(cache),
                    Warn = worker.Warn,
                    Report = worker.Verbose,
                }.InProduction(worker.Stopping);
            }
            catch (TrackingException e) when (ModelSynchronizer.IsOffline(e) && local is not null)
            {
                worker.Warn($"{e.Sentence()} The model to beat is '{local}', the one that was last copied.");
            }
        }

        if (!TryOnSecondWorker(Find, tracking.Model)) return false;
        if (found is not null) ModelName.Register(found.Path, found.Label);
        (production, beaten) = (found, found?.Version);
        return true;
    }

    /// <summary>Records the decision with the run, and publishes the model: in a registry that has the run, then in the folder.</summary>
    private TrainingResult Publish(
        PromotionRequest request,
        Promotion promotion,
        TrainingResult best,
        bool publish,
        TrainingReporter reporter,
        CancellationToken cancellation)
    {
        using var store = registry?.Open();
        var promoter = store is null ? null : new RegistryPromotion(store, registry!.Model, Experiment ?? registry.Experiment);
        bool isRecorded = promoter?.Has(best, cancellation) == true;
        if (isRecorded) RecordDecision(promoter!, promotion, best, reporter, cancellation);
        if (!publish || !isRecorded)
        {
            if (publish)
            {
                reporter.Warn(NoTracking
                    ? "The registry does not know this promotion, because of -NoTracking: its stage Production does not change."
                    : "The registry does not have the run, so its stage Production does not change. When the store can be reached, use "
                        + "Sync-WmsRun, then Publish-WmsModel: until then, Sync-WmsModel brings the model from before back.");
            }

            return ModelPromotion.PublishAndReport(request, promotion, best, publish, reporter.Information);
        }

        // Without a version in production, the model to beat was a file.
        if (beaten is null) ModelPromotion.CheckUnchanged(promotion);
        var version = promoter!.Register(best, promotion.Comparison, beaten, cancellation);
        reporter.Information(FormattableString.Invariant(
            $"version {version.Version} of '{version.ModelName}' is in production in '{version.TrackingUri}'"));
        var copied = promoter.Copy(version, Path.GetDirectoryName(promotion.Target)!, cancellation);
        reporter.Information($"published as '{copied.ModelPath}'"
            + (copied.ReplacedPath is { } kept ? $"; the model it replaces is kept as '{kept}'" : ""));
        return best with { PromotedPath = copied.ModelPath, ReplacedPath = copied.ReplacedPath, PromotedVersion = version.Version };
    }

    private static void RecordDecision(
        RegistryPromotion promoter, Promotion promotion, TrainingResult best, TrainingReporter reporter, CancellationToken cancellation)
    {
        try
        {
            promoter.Record(best, promotion.Comparison, cancellation);
        }
        catch (TrackingException e)
        {
            reporter.Warn($"The run has no tags of the decision: {e.Sentence()}");
        }
    }
}
