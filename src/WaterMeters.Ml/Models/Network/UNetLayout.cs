namespace WaterMeters.Ml.Models.Network;

/// <summary>
/// The names and shapes of the U-Net's tensors in a PyTorch state_dict. Encoder <c>enc1..enc4</c>, <c>bottleneck</c>,
/// decoder <c>dec4..dec1</c>; each block is Conv3x3, BatchNorm, ReLU, twice, numbered 0, 1, (2), 3, 4, (5); <c>final</c> is a 1x1
/// convolution.
/// </summary>
internal static class UNetLayout
{
    private const string Variance = ".running_var";

    /// <summary>Returns the blocks in the order they run, with their input and output channels.</summary>
    public static IEnumerable<(string Name, int In, int Out)> Blocks(int baseChannels)
    {
        int b = baseChannels;
        yield return ("enc1", UNetShape.InputChannels, b);
        yield return ("enc2", b, 2 * b);
        yield return ("enc3", 2 * b, 4 * b);
        yield return ("enc4", 4 * b, 8 * b);
        yield return ("bottleneck", 8 * b, 16 * b);
        yield return ("dec4", (16 + 8) * b, 8 * b);
        yield return ("dec3", (8 + 4) * b, 4 * b);
        yield return ("dec2", (4 + 2) * b, 2 * b);
        yield return ("dec1", (2 + 1) * b, b);
    }

    /// <summary>Returns the name and shape of every floating-point tensor. Convolution weights are [out, in, height, width].</summary>
    public static IEnumerable<(string Name, long[] Shape)> Tensors(int baseChannels)
    {
        foreach (var (block, channelsIn, channelsOut) in Blocks(baseChannels))
        {
            for (int half = 0; half < 2; half++)
            {
                string conv = $"{block}.{3 * half}", norm = $"{block}.{(3 * half) + 1}";
                yield return (conv + ".weight", [channelsOut, half == 0 ? channelsIn : channelsOut, 3, 3]);
                yield return (conv + ".bias", [channelsOut]);
                yield return (norm + ".weight", [channelsOut]);
                yield return (norm + ".bias", [channelsOut]);
                yield return (norm + ".running_mean", [channelsOut]);
                yield return (norm + ".running_var", [channelsOut]);
            }
        }

        yield return ("final.weight", [UNetShape.OutputChannels, baseChannels, 1, 1]);
        yield return ("final.bias", [UNetShape.OutputChannels]);
    }

    /// <summary>
    /// Returns the name of the step counter, an int64 scalar, that PyTorch keeps for a BatchNorm's running variance; null for other
    /// tensors.
    /// </summary>
    public static string? Counter(string name) => name.EndsWith(Variance, StringComparison.Ordinal)
        ? string.Concat(name.AsSpan(0, name.Length - Variance.Length), ".num_batches_tracked")
        : null;

    /// <summary>Returns the names of all step counters, in the order of the network.</summary>
    public static IEnumerable<string> Counters(int baseChannels) =>
        Tensors(baseChannels).Select(t => Counter(t.Name)).OfType<string>();

    /// <summary>Returns whether a tensor is a running variance.</summary>
    public static bool IsVariance(string name) => name.EndsWith(Variance, StringComparison.Ordinal);

    /// <summary>Returns whether a tensor is a running statistic, not a trained parameter.</summary>
    public static bool IsBuffer(string name) =>
        name.EndsWith(".running_mean", StringComparison.Ordinal) || name.EndsWith(Variance, StringComparison.Ordinal);
}
