using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Comparisons;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Evaluation.Promotions;

/// <summary>Puts a trained model into production when it passes the gate, and never else: what cannot be read or compared is an error.</summary>
public static class ModelPromotion
{
    /// <summary>The file that a model would become.</summary>
    public static string Target(PromotionRequest request) => ProductionModel.FileFor(request.Location);

    /// <summary>The model to beat; null when none was named and none is in production.</summary>
    public static string? Baseline(PromotionRequest request) => request.BaselinePath ?? ProductionModel.Nearest(request.Location);

    /// <summary>Makes sure that the model to beat can be read, before hours go into a candidate.</summary>
    /// <exception cref="ModelException">It cannot, or is not the one that would be replaced.</exception>
    /// <exception cref="SettingsException">An option of the gate is out of its range.</exception>
    public static void DemandDecidable(PromotionRequest request)
    {
        request.Options.Check();
        if (Baseline(request) is { } baseline) ModelFile.Load(baseline);
        DemandProduction(request);
    }

    /// <summary>Who beats another model than the one that would be replaced has shown nothing about that one.</summary>
    private static void DemandProduction(PromotionRequest request)
    {
        if (request.BaselinePath is not { } baseline || ProductionModel.CurrentDigest(Target(request)) is not { } digest || ModelFile.Digest(baseline) == digest) return;
        throw new ModelException(baseline, $"'{baseline}' is not the model in production, '{ProductionModel.Nearest(request.Location)}', so to be better than it says nothing about that one. Leave -Baseline out, or move the model in production away first.");
    }

    /// <summary>Compares a trained model with the one to beat on the test photos, and enters the decision in the ledger.</summary>
    /// <param name="request">What the model has to show.</param>
    /// <param name="trained">The training that it came from.</param>
    /// <param name="warn">Hears what the user should know.</param>
    /// <param name="measured">Hears how many measurements are done, of how many.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="WaterMetersException">It could not be decided.</exception>
    public static Promotion Judge(PromotionRequest request, TrainingResult trained, Action<string> warn, Action<int, int>? measured, CancellationToken cancellation)
    {
        string target = Target(request);
        string? replaces = ProductionModel.CurrentDigest(target), baselinePath = Baseline(request);
        var candidateModel = ModelFile.Load(trained.ModelPath);
        var baselineModel = baselinePath is null ? null : ModelFile.Load(baselinePath);
        DemandProduction(request);
        var data = DatasetContents.Read(trained.DataPath, trained.SplitPath, cancellation);
        foreach (string warning in baselineModel?.Warnings ?? []) warn(warning);
        using var candidate = InferenceEngines.Create(candidateModel, Precision.Float32, request.Device);
        using var baseline = baselineModel is null ? null : InferenceEngines.Create(baselineModel, Precision.Float32, request.Device);
        var comparison = ModelComparer.Compare(
            new ComparisonRequest { Candidate = candidate, Baseline = baseline, Data = data, Options = request.Options, LedgerMode = LedgerMode.Enter },
            measured,
            cancellation).Comparison;
        if (comparison.LedgerNote is { } note) warn(note);
        return new Promotion(comparison, target, replaces);
    }

    /// <summary>Publishes a model that passed.</summary>
    /// <returns>Where the model is kept that was replaced; null without one.</returns>
    /// <exception cref="ModelException">It did not pass, a file cannot be written, or is another one by now.</exception>
    public static string? Publish(Promotion promotion)
    {
        var decided = promotion.Comparison;
        return decided is { Passed: true, CandidateDigest: { } digest }
            ? ProductionModel.Publish(decided.Candidate, digest, promotion.Target, promotion.Replaces)
            : throw new ModelException(decided.Candidate, $"'{decided.Candidate}' did not pass, so it is not published. {decided.Reason}");
    }
}
