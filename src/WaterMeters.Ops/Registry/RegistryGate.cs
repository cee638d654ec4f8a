using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Comparisons;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ops.Registry;

/// <summary>The comparison of a model with the one in production. What cannot be compared is an error, never a pass.</summary>
internal static class RegistryGate
{
    /// <summary>Compares two models on the test photos, and records the decision in the ledger.</summary>
    /// <param name="gate">What the candidate must show.</param>
    /// <param name="candidateModel">The candidate.</param>
    /// <param name="baselineModel">The model to beat; null if there is none.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="WaterMetersException">A model or the data set cannot be read or compared.</exception>
    public static ModelComparison Decide(
        PublishGate gate, SegmentationModel candidateModel, SegmentationModel? baselineModel, CancellationToken cancellation)
    {
        gate.Options.Check();
        var data = DatasetContents.Read(gate.DataPath, gate.SplitPath, cancellation);
        foreach (string warning in data.Warnings) gate.Warn?.Invoke(warning);
        gate.ModelRead?.Invoke(candidateModel);
        if (baselineModel is not null) gate.ModelRead?.Invoke(baselineModel);
        using var candidate = InferenceEngines.Create(candidateModel, Precision.Float32);
        using var baseline = baselineModel is null ? null : InferenceEngines.Create(baselineModel, Precision.Float32);
        var comparison = ModelComparer.Compare(
            new ComparisonRequest
            {
                Candidate = candidate, Baseline = baseline, Data = data, Options = gate.Options, LedgerMode = LedgerMode.Record,
            },
            gate.Progress,
            cancellation).Comparison;
        if (comparison.LedgerNote is { } note) gate.Warn?.Invoke(note);
        gate.Information?.Invoke(
            $"verdict {comparison.Verdict}, {(comparison.Passed ? "passed" : "not passed")}: {comparison.Reason}");
        return comparison;
    }
}
