using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>What to compare, and how.</summary>
public sealed record ComparisonRequest
{
    /// <summary>Runs the candidate.</summary>
    public required IInferenceEngine Candidate { get; init; }

    /// <summary>Runs the baseline; null without one.</summary>
    public required IInferenceEngine? Baseline { get; init; }

    /// <summary>The data set.</summary>
    public required DatasetContents Data { get; init; }

    /// <summary>Part of the data set to compare on.</summary>
    public DatasetSplit Split { get; init; } = DatasetSplit.Test;

    /// <summary>Options of the gate.</summary>
    public GateOptions Options { get; init; } = new();

    /// <summary>Whether the decision is recorded in the ledger.</summary>
    public LedgerMode LedgerMode { get; init; }

    /// <summary>The ledger; null for the one beside the data set.</summary>
    public IDecisionLedger? Ledger { get; init; }
}
