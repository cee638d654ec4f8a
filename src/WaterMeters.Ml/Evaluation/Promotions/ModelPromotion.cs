using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Comparisons;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Evaluation.Promotions;

/// <summary>Puts a trained model into production only when it passes the gate. A failed comparison is an error, never a pass.</summary>
public static class ModelPromotion
{
    /// <summary>Returns the production file that the model would become.</summary>
    public static string Target(PromotionRequest request) => ProductionModel.FileFor(request.Location);

    /// <summary>Returns the model to beat; null when none was given and none is in production.</summary>
    public static string? Baseline(PromotionRequest request) => request.BaselinePath ?? Production(request);

    /// <summary>Returns the file of the model in production; null when there is none.</summary>
    public static string? Production(PromotionRequest request) => request.ProductionPath ?? ProductionModel.Nearest(request.Location);

    /// <summary>Checks, before hours of training, that the model to beat can be read and the options are valid.</summary>
    /// <exception cref="ModelException">The model cannot be read, or is not the one that would be replaced.</exception>
    /// <exception cref="SettingsException">An option of the gate is out of its range.</exception>
    public static void CheckRequest(PromotionRequest request)
    {
        request.Options.Check();
        LoadBaseline(request, CurrentDigest(request));
    }

    /// <summary>
    /// Checks, before hours of training, that its data set can decide: that the test part has photos that the model to beat has not seen,
    /// and that the decision can be recorded.
    /// </summary>
    /// <param name="request">What the model must show.</param>
    /// <param name="dataPath">The data set of the training.</param>
    /// <param name="splitPath">Its split file; null for the stored split.</param>
    /// <param name="checkLedger">Whether to try to write to the ledger's folder; not when nothing may be written.</param>
    /// <param name="warn">Called with a warning when the photos are too few for a verdict.</param>
    /// <param name="cancellation">Cancels the hashing of the photos.</param>
    /// <exception cref="DatasetException">No photo could be compared, or the ledger cannot be written.</exception>
    public static void CheckData(
        PromotionRequest request, string dataPath, string? splitPath, bool checkLedger, Action<string> warn, CancellationToken cancellation)
    {
        var data = DatasetContents.Read(dataPath, splitPath, cancellation);
        var test = data.Part(DatasetSplit.Test).DistinctBy(p => p.Hash).ToList();
        if (test.Count == 0)
        {
            throw new DatasetException(
                dataPath,
                $"Cannot promote a model trained on '{dataPath}': its Test part has no photo to compare on. Add photos, use another split "
                + "with -SplitPath, or omit -Promote.");
        }

        var baseline = LoadBaseline(request, CurrentDigest(request));
        int unseen = test.Count(p => baseline?.Provenance?.HasSeen(p) != true);
        if (unseen == 0)
        {
            throw new DatasetException(
                dataPath,
                $"Cannot promote a model trained on '{dataPath}': the model to beat, '{baseline!.Path}', has seen all {test.Count} photos "
                + "of its Test part. Add new photos, or omit -Promote.");
        }

        if (baseline is null && request.Options.MinimumDice is null)
        {
            warn("There is no model to beat and no minimum Dice, so nothing will be promoted. Add -MinimumDice, set gate.minimumDice in "
                + "wms.yaml, or name a model with -Baseline.");
        }
        else if (unseen < request.Options.MinimumPhotos)
        {
            string which = baseline is null ? "" : " that the model to beat has not seen";
            string photos = unseen == 1 ? "1 photo" : $"{unseen} photos";
            warn($"The Test part of '{dataPath}' has {photos}{which}, and a verdict needs "
                + $"{request.Options.MinimumPhotos}: nothing will be promoted. Add photos, or lower gate.minimumPhotos in wms.yaml.");
        }

        if (checkLedger) FileDecisionLedger.EnsureWritable(dataPath);
    }

    /// <summary>Returns the SHA-256 of the model that would be replaced; null when there is none.</summary>
    private static string? CurrentDigest(PromotionRequest request) => request.ProductionPath is { } path
        ? ModelFile.Digest(path)
        : ProductionModel.CurrentDigest(Target(request));

    /// <summary>Reads the model to beat; null without one.</summary>
    /// <exception cref="ModelException">
    /// It cannot be read, or is not the model that would be replaced: beating another one proves nothing about it.
    /// </exception>
    private static SegmentationModel? LoadBaseline(PromotionRequest request, string? replaces)
    {
        if (Baseline(request) is not { } path) return null;
        var baseline = ModelFile.Load(path);
        if (replaces is null || baseline.Digest == replaces) return baseline;
        throw new ModelException(
            path,
            request.BaselinePath is null
                ? $"'{path}' was replaced while it was read. Try again."
                : $"Cannot compare with '{path}': it is not the model in production, '{Production(request)}', "
                    + "which the new model would replace. Omit -Baseline, or move the model in production away first.");
    }

    /// <summary>Compares a trained model with the one to beat on the test photos, and records the decision in the ledger.</summary>
    /// <param name="request">What the model must show.</param>
    /// <param name="trained">The training that made it.</param>
    /// <param name="warn">Called with warnings for the user.</param>
    /// <param name="progress">Called with the number of measurements done and the total.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="WaterMetersException">A model or the data set cannot be read or compared.</exception>
    public static Promotion Decide(
        PromotionRequest request, TrainingResult trained, Action<string> warn, Action<int, int>? progress, CancellationToken cancellation)
    {
        string target = Target(request);
        string? replaces = CurrentDigest(request);
        var candidateModel = ModelFile.Load(trained.ModelPath);
        var baselineModel = LoadBaseline(request, replaces);
        var data = DatasetContents.Read(trained.DataPath, trained.SplitPath, cancellation);
        if (baselineModel is not null) request.BaselineRead?.Invoke(baselineModel);
        using var candidate = InferenceEngines.Create(candidateModel, Precision.Float32, request.Device);
        using var baseline = baselineModel is null ? null : InferenceEngines.Create(baselineModel, Precision.Float32, request.Device);
        var comparison = ModelComparer.Compare(
            new ComparisonRequest
            {
                Candidate = candidate, Baseline = baseline, Data = data, Options = request.Options, LedgerMode = LedgerMode.Record,
            },
            progress,
            cancellation).Comparison;
        if (comparison.LedgerNote is { } note) warn(note);
        return new Promotion(comparison, target, replaces);
    }

    /// <summary>As <see cref="Decide"/>, with information lines about the comparison and its verdict.</summary>
    public static Promotion DecideAndReport(
        PromotionRequest request,
        TrainingResult trained,
        Action<string> information,
        Action<string> warn,
        Action<int, int>? progress,
        CancellationToken cancellation)
    {
        string model = $"the model of '{trained.OutputPath}'";
        information(Baseline(request) is { } baseline
            ? $"comparing {model} with '{baseline}' on the test photos"
            : $"no model is in production: checking {model} alone");
        var promotion = Decide(request, trained, warn, progress, cancellation);
        var decided = promotion.Comparison;
        information($"verdict {decided.Verdict}, {(decided.Passed ? "passed" : "not passed")}: {decided.Reason}");
        return promotion;
    }

    /// <summary>Returns the record of a training with the decision about its model.</summary>
    public static TrainingResult AddDecision(TrainingResult trained, Promotion promotion)
    {
        var decided = promotion.Comparison;
        return trained with { Verdict = decided.Verdict, Passed = decided.Passed, GateReason = decided.Reason };
    }

    /// <summary>Publishes the model if <paramref name="publish"/> is set, and reports which model is in production.</summary>
    /// <returns>The training's record with the paths of the published and of the replaced model.</returns>
    /// <exception cref="ModelException">See <see cref="Publish"/>.</exception>
    public static TrainingResult PublishAndReport(
        PromotionRequest request, Promotion promotion, TrainingResult trained, bool publish, Action<string> information)
    {
        if (!publish)
        {
            information(Production(request) is { } current
                ? $"not published: '{current}' stays in production"
                : $"not published: {(promotion.Comparison.Passed ? "it was not confirmed" : "the model did not pass the gate")}; "
                    + "there is still no model in production");
            return trained;
        }

        string? kept = request.ProductionPath is null ? Publish(promotion) : PublishOver(promotion);
        information($"published as '{promotion.Target}'" + (kept is null ? "" : $"; the model it replaces is kept as '{kept}'"));
        return trained with { PromotedPath = promotion.Target, ReplacedPath = kept };
    }

    /// <summary>Publishes a model that beat the one of a registry, of which the folder may have an older copy.</summary>
    private static string? PublishOver(Promotion promotion) =>
        promotion.Comparison is { Passed: true, CandidateDigest: { } digest } decided
            ? ProductionModel.Replace(decided.Candidate, digest, promotion.Target)
            : Publish(promotion);

    /// <summary>Checks that the folder has the model that the new one was compared with, or none if there was none.</summary>
    /// <exception cref="ModelException">It has another one, or cannot be read.</exception>
    public static void CheckUnchanged(Promotion promotion)
    {
        if (ProductionModel.CurrentDigest(promotion.Target) == promotion.Replaces) return;
        throw new ModelException(
            promotion.Target,
            $"'{promotion.Comparison.Candidate}' was not published: the model in production, '{promotion.Target}', changed while they were "
                + "being compared. Compare it with the new one, with Compare-WmsModel.");
    }

    /// <summary>Publishes a model that passed.</summary>
    /// <returns>Path of the backup of the replaced model; null without one.</returns>
    /// <exception cref="ModelException">The model did not pass, or a file cannot be written or has changed since the decision.</exception>
    public static string? Publish(Promotion promotion)
    {
        var decided = promotion.Comparison;
        return decided is { Passed: true, CandidateDigest: { } digest }
            ? ProductionModel.Publish(decided.Candidate, digest, promotion.Target, promotion.Replaces)
            : throw new ModelException(
                decided.Candidate, $"Cannot publish '{decided.Candidate}': it did not pass the gate. {decided.Reason}");
    }
}

/// <summary>The decision about a model, and what publishing it would replace.</summary>
/// <param name="Comparison">The comparison and its decision.</param>
/// <param name="Target">Production file that the model would become.</param>
/// <param name="Replaces">SHA-256 of the model in production at the time of the decision; null when there was none.</param>
public sealed record Promotion(ModelComparison Comparison, string Target, string? Replaces);
