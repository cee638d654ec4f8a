using System.Globalization;
using System.Text;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>One decision: the question and the answer. It holds no paths.</summary>
public sealed record LedgerEntry
{
    /// <summary>Digest of the test: over the hashes of all photos of the part, including those left out.</summary>
    public required string Test { get; init; }

    /// <summary>Digest over the photos and masks compared.</summary>
    public required string Masks { get; init; }

    /// <summary>SHA-256 of the candidate file.</summary>
    public required string Candidate { get; init; }

    /// <summary>SHA-256 of the baseline file; null without one.</summary>
    public required string? Baseline { get; init; }

    /// <summary>Time of the decision, UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>Numeric precision of the measurement.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Options of the gate.</summary>
    public required GateOptions Options { get; init; }

    /// <summary>The verdict.</summary>
    public required ComparisonVerdict Verdict { get; init; }

    /// <summary>Whether the candidate passed.</summary>
    public required bool Passed { get; init; }

    /// <summary>Number of photos compared.</summary>
    public required int Photos { get; init; }

    /// <summary>Mean Dice of the candidate minus that of the baseline; null without one.</summary>
    public required double? Difference { get; init; }

    /// <summary>Lower bound of the difference.</summary>
    public required double? Lower { get; init; }

    /// <summary>Upper bound of the difference.</summary>
    public required double? Upper { get; init; }

    /// <summary>Version of the module that made the decision.</summary>
    public required string? ModuleVersion { get; init; }

    /// <summary>
    /// Digest of the question. The same models, photos, masks and options always give the same answer, so a repetition reveals nothing new
    /// and is not counted; another seed, threshold or policy is another question.
    /// </summary>
    public string Question => FileHash.ComputeBytes(Encoding.UTF8.GetBytes(string.Join('\n', new IFormattable?[]
    {
        Options.Policy, Options.Alpha, Options.Confidence, Options.Margin, Options.MinimumDice, Options.MinimumPhotos,
        Options.MinimumSlicePhotos, Options.MissedWindowDice, Options.MissedWindowAlpha, Options.Resamples, Options.Seed, Precision,
    }.Select(value => value?.ToString(null, CultureInfo.InvariantCulture))
        .Prepend(Baseline).Prepend(Candidate).Prepend(Masks).Prepend(Test))));
}
