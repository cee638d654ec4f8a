using WaterMeters.Ml.Models.Network;

namespace WaterMeters.Ml.Training;

/// <summary>Memory of a training step, counted from the layout of the U-Net.</summary>
internal static class StepMemory
{
    private const int Float32 = 4, Int64 = 8;

    // Measured share of oneDNN's reordered copies and of the gaps of the allocator: docs/decisions/memory-bounds.md.
    private const double FactorFloat32 = 1.2, FactorBFloat16 = 1.5;

    /// <summary>
    /// Returns the bytes of one step. Per pixel of the batch, with e bytes per number and each level a quarter of the area above it:
    /// each block keeps the results of its two convolutions and two normalizations (4 C e); an encoder the result and the indices of its
    /// pooling (C (e + 8) / 4); a decoder its concatenated input (C_in e). backward() adds the gradients of the last block: its output
    /// twice and its concatenated input, 5 C e. The loss is computed in float32, in eight arrays of one number per pixel; image and mask
    /// are four numbers, in float32 and again in the type of the network. A measured factor covers what is not counted.
    /// </summary>
    /// <param name="stage">Size and batch.</param>
    /// <param name="baseChannels">Channels of the first block.</param>
    /// <param name="bytesPerNumber">e: 4 for float32, 2 for bfloat16.</param>
    public static long Bytes(TrainingStage stage, int baseChannels, int bytesPerNumber)
    {
        int e = bytesPerNumber;
        double perPixel = (5.0 * baseChannels * e) + (8 * Float32) + (4 * (Float32 + e));
        foreach (var (name, channelsIn, channelsOut) in UNetLayout.Blocks(baseChannels))
        {
            int level = name == "bottleneck" ? 4 : name[^1] - '1';
            double block = 4.0 * channelsOut * e;
            if (name.StartsWith("enc", StringComparison.Ordinal)) block += channelsOut * (e + Int64) / 4.0;
            if (name.StartsWith("dec", StringComparison.Ordinal)) block += channelsIn * (double)e;
            perPixel += block / Math.Pow(4, level);
        }

        double factor = e == Float32 ? FactorFloat32 : FactorBFloat16;
        return (long)(factor * perPixel * stage.BatchSize * stage.Size * stage.Size);
    }

    /// <summary>Returns the bytes of one prepared batch: four float32 numbers per pixel.</summary>
    public static long BatchBytes(TrainingStage stage) => 4L * Float32 * stage.BatchSize * stage.Size * stage.Size;

    /// <summary>
    /// Returns the bytes of everything that is as large as the network: in libtorch the weights, their gradients, the optimizer's two
    /// moments, the average and the folded copy for validation; in managed memory two checkpoints of five parts, the last good one and
    /// the next.
    /// </summary>
    public static long WeightBytes(int baseChannels) =>
        (6L + (2 * 5)) * Float32 * UNetLayout.Tensors(baseChannels).Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b));
}
