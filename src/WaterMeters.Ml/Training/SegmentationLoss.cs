using TorchSharp;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Training;

/// <summary>
/// The training loss, over logits [N, 1, S, S] and masks of the same shape in 0..1: the mean binary cross-entropy and, for
/// <see cref="LossKind.BceDice"/>, one minus the soft Dice of each photo, (2 sum(p t) + 1) / (sum(p) + sum(t) + 1), averaged over photos.
/// </summary>
internal sealed class SegmentationLoss(LossKind kind) : IDisposable
{
    // The garbage collector can free an unreferenced Scalar during the native call it is passed to, so these live as long as the loss.
    private readonly Scalar one = 1f.ToScalar(), two = 2f.ToScalar();
    private static readonly long[] Photo = [1, 2, 3];

    /// <summary>Computes the loss, a float32 tensor with one element.</summary>
    public Tensor Forward(Tensor logits, Tensor masks)
    {
        var bce = nn.functional.binary_cross_entropy_with_logits(logits, masks);
        if (kind == LossKind.Bce) return bce;

        var probability = logits.sigmoid();
        var overlap = probability.mul(masks).sum(Photo).mul(two).add(one, one);
        var sizes = probability.sum(Photo).add(masks.sum(Photo), one).add(one, one);
        return bce.add(overlap.div(sizes).mean().neg().add(one, one), one);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        one.Dispose();
        two.Dispose();
    }
}
