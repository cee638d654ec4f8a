using System.Diagnostics;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>Compares two models photo by photo, on photos that neither has seen. An unreadable photo is an error, never a pass.</summary>
public static class ModelComparer
{
    /// <summary>
    /// Measures a candidate and a baseline on the same photos, decides whether the candidate may replace the baseline, and records the
    /// decision in the ledger.
    /// </summary>
    /// <param name="request">What to compare, and how.</param>
    /// <param name="progress">Called with the number of measurements done and the total; each photo is measured with both models.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="DatasetException">The part has no photos that neither model has seen.</exception>
    /// <exception cref="PhotoException">A photo cannot be measured.</exception>
    /// <exception cref="ModelException">A model file no longer exists.</exception>
    /// <exception cref="SettingsException">An option is out of its range.</exception>
    public static ComparisonResult Compare(ComparisonRequest request, Action<int, int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        long started = Stopwatch.GetTimestamp();
        request.Options.Check();
        var (candidate, baseline, data) = (request.Candidate, request.Baseline, request.Data);

        // Of the bytes that were read: the files may have been replaced since.
        string ours = candidate.Model.Digest ?? ModelFile.Digest(candidate.Model.Path);
        string? theirs = baseline is null ? null : baseline.Model.Digest ?? ModelFile.Digest(baseline.Model.Path);

        // Identical files count once: copies add no evidence, and would make the interval too narrow.
        var part = data.Part(request.Split).DistinctBy(p => p.Hash).ToList();
        var unseen = part.Where(p => !HasSeen(candidate, p) && !HasSeen(baseline, p)).ToList();
        if (unseen.Count == 0)
        {
            throw new DatasetException(data.DataPath, part.Count == 0
                ? $"Cannot compare the models: '{data.DataPath}' has no photo in its {request.Split} part. "
                    + "Add photos, or use another split with -SplitPath."
                : $"Cannot compare the models: all {part.Count} photos of the {request.Split} part of '{data.DataPath}' have been seen "
                    + "by one of them. Add new photos, or compare on another part.");
        }

        data.EnsureWindow(unseen, $"the unseen photos in the {request.Split} part", cancellation);
        var scores = PairedScore.Measure(candidate, baseline, unseen, progress, cancellation);
        var assessment = ComparisonAssessment.Assess(request, scores, cancellation);
        string test = FileHash.Combine(part.Select(p => p.Hash));
        var recorder = new LedgerRecorder(request.LedgerMode, request.Ledger ?? new FileDecisionLedger(data.DataPath), request.Split);
        var recorded = recorder.Record(assessment.Decision, () => new LedgerEntry
        {
            Test = test,
            Masks = FileHash.Combine(unseen.Select(p => $"{p.Hash} {FileHash.Compute(p.Pair.MaskPath)}")),
            Candidate = ours,
            Baseline = theirs,
            Time = DateTime.UtcNow,
            Precision = candidate.Precision,
            Options = request.Options,
            Verdict = assessment.Decision.Verdict,
            Passed = assessment.Decision.Passed,
            Photos = unseen.Count,
            Difference = assessment.Evidence?.Difference,
            Lower = assessment.Evidence?.Lower,
            Upper = assessment.Evidence?.Upper,
            ModuleVersion = ModuleVersion.Text,
        });
        var comparison = ComparisonMapper.ToRecord(request, assessment, recorded, part.Count - unseen.Count) with
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

/// <summary>A comparison with its scores per photo.</summary>
/// <param name="Comparison">The comparison.</param>
/// <param name="Photos">One record per photo compared, by name.</param>
public sealed record ComparisonResult(ModelComparison Comparison, IReadOnlyList<ImageComparison> Photos);
