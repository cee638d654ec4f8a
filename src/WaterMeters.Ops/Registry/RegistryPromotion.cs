using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Registry;

/// <summary>
/// Puts the model of a recorded training that passed the gate into production: in the registry first, then in the folder, which has what a
/// synchronization writes. When the registry fails, the folder keeps what it has.
/// </summary>
/// <param name="store">The store, which has the run.</param>
/// <param name="modelName">Name of the registered model.</param>
/// <param name="experiment">Name of the experiment.</param>
public sealed class RegistryPromotion(ITrackingStore store, string modelName, string experiment)
{
    /// <summary>Whether the run of a training is in the store, so that a version can be made of it.</summary>
    public bool Has(TrainingResult trained, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(trained);
        if (trained.RunId is not { } id || trained.TrackingUri != store.Address) return false;
        try
        {
            return store.GetRun(id, cancellation) is { IsDeleted: false };
        }
        catch (TrackingException e) when (e.Fault is TrackingFault.NotFound or TrackingFault.Unreachable or TrackingFault.Busy)
        {
            return false;
        }
    }

    /// <summary>Records a decision with the run of the training it is about, also one that did not pass.</summary>
    /// <exception cref="TrackingException">The store failed.</exception>
    public void Record(TrainingResult trained, ModelComparison decision, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(trained);
        store.Log(trained.RunId!, new RunBatch { Tags = GateTags.Of(decision) }, cancellation);
    }

    /// <summary>Makes a version of the run and puts it into production.</summary>
    /// <param name="trained">The training.</param>
    /// <param name="decision">The decision about its model, which passed.</param>
    /// <param name="beaten">Number of the version that it was compared with; null if none was in production.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="TrackingException">
    /// <see cref="TrackingFault.Refused"/>: another version came into production while they were compared;
    /// <see cref="TrackingFault.WrongDigest"/>: the run has another model; others: the store failed.
    /// </exception>
    public RegisteredModelVersion Register(TrainingResult trained, ModelComparison decision, int? beaten, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(decision);
        var plan = ModelPublisher.Plan(
            store,
            new PublishRequest
            {
                ModelName = modelName,
                Experiment = experiment,
                RunId = trained.RunId,
                Stage = ModelStage.Production,
                Reason = decision.Reason,
                Tags = GateTags.Of(decision),
                PassedDigest = decision.CandidateDigest ?? throw Refused(
                    trained, "the model that was compared has no digest. Compare it again with Compare-WmsModel"),
            },
            cancellation);
        if (plan.Run?.Tags.GetValueOrDefault(RunTags.ModelDigest) is { Length: > 0 } digest && digest != decision.CandidateDigest)
        {
            throw Refused(trained, "its run has another model than the one that was compared. Compare that one with Compare-WmsModel");
        }

        if (plan.Current?.Version != beaten)
        {
            string there = plan.Current is { } current
                ? string.Create(CultureInfo.InvariantCulture, $"version {current.Version} came into production while it was compared")
                : "the version that it was compared with is no longer in production";
            throw Refused(trained, $"{there}. Compare them with Compare-WmsModel");
        }

        return ModelPublisher.Publish(store, plan, cancellation);
    }

    /// <summary>Copies the version in production to the folder of models/production.*.</summary>
    /// <exception cref="ModelException">It cannot be copied; the message says what is in production nevertheless.</exception>
    public ModelSync Copy(RegisteredModelVersion version, string folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(version);
        try
        {
            string number = version.Version.ToString(CultureInfo.InvariantCulture);
            var plan = ModelSynchronizer.Plan(store, modelName, number, folder, cancellation);
            return plan.IsCurrent ? ModelSynchronizer.Current(plan) : ModelSynchronizer.Apply(store, plan, cancellation);
        }
        catch (WaterMetersException e)
        {
            throw new ModelException(
                folder,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Version {version.Version} of '{modelName}' is in production in '{store.Address}', but '{folder}' was not changed: ")
                    + $"{e.Sentence()} Run Sync-WmsModel to copy it.",
                e);
        }
    }

    private static TrackingException Refused(TrainingResult trained, string reason) => new(
        TrackingFault.Refused,
        trained.RunId!,
        $"The model of the run '{trained.RunName}' was not published: {reason}, then use Publish-WmsModel runs:/{trained.RunId}.");
}
