using WaterMeters.Ml.Models.Network;

namespace WaterMeters.Ml.Training;

/// <summary>What a training step holds in memory, counted from the layout of the U-Net.</summary>
internal static class StepMemory
{
    private const int Float32 = 4, Int64 = 8;

    // What oneDNN's reordered copies and the gaps of the allocator add, measured: docs/decisions/memory-bounds.md.
    private const double FactorFloat32 = 1.2, FactorBFloat16 = 1.5;

    /// <summary>
    /// Bytes of one step. For each pixel of the batch, with e bytes a number and a level's area a quarter of the one above it:
    /// each block keeps what its two convolutions and its two normalisations gave (4 C e); an encoder what its pooling gave and from
    /// where (C (e + 8) / 4); a decoder the concatenation it read (C_in e). The way back holds the gradients of the last block on top: of its
    /// output twice and of its concatenation, 5 C e. The loss is computed in float32, in eight arrays of one number a pixel;
    /// image and mask are four numbers, in float32 and once more in the type of the network. A measured factor covers what is not counted.
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

    /// <summary>Bytes of one prepared batch: four float32 numbers a pixel.</summary>
    public static long BatchBytes(TrainingStage stage) => 4L * Float32 * stage.BatchSize * stage.Size * stage.Size;

    /// <summary>
    /// Bytes of everything that has as many numbers as the network: in libtorch the weights, their gradients, the optimizer's two moments,
    /// the average and the folded copy that validates; in managed memory two checkpoints of five parts, the last good one and the next.
    /// </summary>
    public static long WeightBytes(int baseChannels) =>
        (6L + (2 * 5)) * Float32 * UNetLayout.Tensors(baseChannels).Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b));
}
