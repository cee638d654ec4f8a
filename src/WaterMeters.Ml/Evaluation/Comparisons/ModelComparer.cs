using System.Diagnostics;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>Compares two models photo by photo, on photos that neither has seen. It fails closed: what cannot be measured is never a pass.</summary>
public static class ModelComparer
{
    /// <summary>Measures a candidate and a baseline on the same photos, decides whether the candidate may take its place, and enters the decision in the ledger.</summary>
    /// <param name="request">What is compared, and how.</param>
    /// <param name="measured">Hears how many measurements are done, of how many; each photo is measured with both models.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="DatasetException">No photo is left that neither model has seen.</exception>
    /// <exception cref="PhotoException">A photo cannot be measured.</exception>
    /// <exception cref="ModelException">A model's file is gone.</exception>
    /// <exception cref="SettingsException">An option is out of its range.</exception>
    public static ComparisonResult Compare(ComparisonRequest request, Action<int, int>? measured, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        long started = Stopwatch.GetTimestamp();
        request.Options.Check();
        var (candidate, baseline, data) = (request.Candidate, request.Baseline, request.Data);
        string ours = ModelFile.Digest(candidate.Model.Path);
        string? theirs = baseline is null ? null : ModelFile.Digest(baseline.Model.Path);

        // A photo counts once, however many names its file has: copies prove nothing, and would make the interval narrower than it is.
        var part = data.Part(request.Split).DistinctBy(p => p.Hash).ToList();
        var unseen = part.Where(p => !HasSeen(candidate, p) && !HasSeen(baseline, p)).ToList();
        if (unseen.Count == 0)
        {
            throw new DatasetException(data.DataPath, part.Count == 0
                ? $"'{data.DataPath}' has no photo in its {request.Split} part, so the models cannot be compared. Add photos, or name others with -SplitPath."
                : $"All {part.Count} photos of the {request.Split} part of '{data.DataPath}' were seen in training by one of the models, so they prove nothing. Add new photos, or compare on another part.");
        }

        var scores = PairedScore.Measure(candidate, baseline, unseen, measured, cancellation);
        var weighed = ComparisonAssessment.Assess(request, scores, cancellation);
        string test = FileHash.Combine(part.Select(p => p.Hash));
        var recorder = new LedgerRecorder(request.LedgerMode, request.Ledger ?? new FileDecisionLedger(data.DataPath), request.Split);
        var entered = recorder.Record(weighed.Decision, () => new LedgerEntry
        {
            Test = test,
            Masks = FileHash.Combine(unseen.Select(p => $"{p.Hash} {FileHash.Compute(p.Pair.MaskPath)}")),
            Candidate = ours,
            Baseline = theirs,
            Time = DateTime.UtcNow,
            Precision = candidate.Precision,
            Options = request.Options,
            Verdict = weighed.Decision.Verdict,
            Passed = weighed.Decision.Passed,
            Photos = unseen.Count,
            Difference = weighed.Evidence?.Difference,
            Lower = weighed.Evidence?.Lower,
            Upper = weighed.Evidence?.Upper,
            ModuleVersion = ModuleVersion.Text,
        });
        var comparison = ComparisonMapper.ToRecord(request, weighed, entered, part.Count - unseen.Count) with
        {
            CandidateDigest = ours,
            BaselineDigest = theirs,
            TestDigest = test,
            Duration = Stopwatch.GetElapsedTime(started),
        };
        return new ComparisonResult(comparison, [.. scores.Select(s => ComparisonMapper.ToRecord(s, request))]);
    }

    private static bool HasSeen(IInferenceEngine? engine, HashedPair pair) => engine?.Model.Provenance?.HasSeen(pair) == true;
}
