using System.Globalization;
using System.Text;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>One decision: what was asked and what was answered. No path of any machine stands in it.</summary>
public sealed record LedgerEntry
{
    /// <summary>Digest of the test: over the hashes of the part's photos, those left out too.</summary>
    public required string Test { get; init; }

    /// <summary>Digest over photos and masks that were compared on.</summary>
    public required string Masks { get; init; }

    /// <summary>SHA-256 of the candidate's file.</summary>
    public required string Candidate { get; init; }

    /// <summary>SHA-256 of the baseline's file; null without one.</summary>
    public required string? Baseline { get; init; }

    /// <summary>When, in universal time.</summary>
    public required DateTime Time { get; init; }

    /// <summary>The numbers it was computed with.</summary>
    public required Precision Precision { get; init; }

    /// <summary>What was asked for.</summary>
    public required GateOptions Options { get; init; }

    /// <summary>What was found.</summary>
    public required ComparisonVerdict Verdict { get; init; }

    /// <summary>Whether the candidate passed.</summary>
    public required bool Passed { get; init; }

    /// <summary>Photos compared on.</summary>
    public required int Photos { get; init; }

    /// <summary>Mean Dice of the candidate less the baseline's; null without one.</summary>
    public required double? Difference { get; init; }

    /// <summary>Its lower bound.</summary>
    public required double? Lower { get; init; }

    /// <summary>Its upper bound.</summary>
    public required double? Upper { get; init; }

    /// <summary>Version of the module that decided.</summary>
    public required string? ModuleVersion { get; init; }

    /// <summary>
    /// Digest of what was asked. The same models, photos, masks and rules give the same answer however often they are asked, so nothing
    /// is learnt by asking again; any other seed, limit or policy is another question.
    /// </summary>
    public string Question => FileHash.ComputeBytes(Encoding.UTF8.GetBytes(string.Join('\n', new IFormattable?[]
    {
        Options.Policy, Options.Alpha, Options.Confidence, Options.Margin, Options.MinimumDice, Options.MinimumPhotos, Options.MinimumSlicePhotos,
        Options.MissedWindowDice, Options.MissedWindowAlpha, Options.Resamples, Options.Seed, Precision,
    }.Select(value => value?.ToString(null, CultureInfo.InvariantCulture)).Prepend(Baseline).Prepend(Candidate).Prepend(Masks).Prepend(Test))));
}
