using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>What is to be compared, and how.</summary>
public sealed record ComparisonRequest
{
    /// <summary>Runs the candidate.</summary>
    public required IInferenceEngine Candidate { get; init; }

    /// <summary>Runs the baseline; null when there is none to beat.</summary>
    public required IInferenceEngine? Baseline { get; init; }

    /// <summary>The data set.</summary>
    public required DatasetContents Data { get; init; }

    /// <summary>The part to compare on.</summary>
    public DatasetSplit Split { get; init; } = DatasetSplit.Test;

    /// <summary>What is asked for.</summary>
    public GateOptions Options { get; init; } = new();

    /// <summary>Whether the decision is entered in the ledger. Only what is entered passes, or what was asked not to be.</summary>
    public LedgerMode LedgerMode { get; init; }

    /// <summary>The ledger; that beside the data set when null.</summary>
    public IDecisionLedger? Ledger { get; init; }
}
