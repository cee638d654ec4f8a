using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>Compares masks with another source, such as the predictions of a model.</summary>
public interface IMaskReviewer
{
    /// <summary>Returns findings about masks, the worst first. Pairs that cannot be measured have other findings.</summary>
    /// <param name="pairs">The pairs of a data set.</param>
    /// <param name="rule">Assigns each photo to a part.</param>
    /// <param name="reviewed">Called with the number of pairs done and the total.</param>
    /// <param name="warn">Called with warnings about the review itself.</param>
    /// <param name="cancellation">Cancels between two photos.</param>
    internal IReadOnlyList<CheckResult> Review(
        IReadOnlyList<PairFacts> pairs, SplitRule rule, Action<int, int>? reviewed, Action<string>? warn, CancellationToken cancellation);
}
