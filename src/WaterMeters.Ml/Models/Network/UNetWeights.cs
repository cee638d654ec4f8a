using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Network;

/// <summary>Holds tensors against the layout of the U-Net.</summary>
internal static class UNetWeights
{
    private const int MaxWidth = 1024;

    /// <summary>Checks that the tensors are those of the U-Net of one width, no more and no fewer, and all finite.</summary>
    /// <param name="path">The file, for the error.</param>
    /// <param name="weights">The tensors.</param>
    /// <param name="width">Its base channels.</param>
    /// <param name="why">Where that width comes from, a sentence for the error.</param>
    /// <exception cref="ModelException">They are not; the message names the first that differs and both shapes.</exception>
    public static void Check(string path, IReadOnlyDictionary<string, WeightTensor> weights, int width, string why)
    {
        if (width is < 1 or > MaxWidth) throw new ModelException(path, $"The metadata of '{path}' say {width} base channels; it must be 1 to {MaxWidth}. Use the file as it was written.");
        var expected = UNetLayout.Tensors(width).ToDictionary(t => t.Name, t => t.Shape, StringComparer.Ordinal);
        foreach (var (name, shape) in expected)
        {
            if (!weights.TryGetValue(name, out var tensor))
            {
                throw new ModelException(path, $"'{path}' does not hold the U-Net this module runs: it lacks the tensor '{name}', {WeightTensor.Describe(shape)} with {width} base channels. It is damaged or of another network; use a model that Start-WmsTraining wrote.");
            }

            if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            {
                throw new ModelException(path, $"'{name}' in '{path}' is {WeightTensor.Describe(tensor.Shape)}; a U-Net of {UNetShape.InputChannels} input channels and {width} base channels has {WeightTensor.Describe(shape)} there. {why}");
            }

            if (!AllFinite(tensor.Values)) throw new ModelException(path, $"'{name}' in '{path}' holds numbers that are not finite: the file is damaged, or its training had failed. Copy it again from where it came, or train a new one with Start-WmsTraining.");
        }

        string? stranger = weights.Keys.FirstOrDefault(name => !expected.ContainsKey(name));
        if (stranger is not null)
        {
            throw new ModelException(path, $"'{path}' holds the tensor '{ModelRefusedException.Shown(stranger)}', which a U-Net with {width} base channels does not have. It is of another network; use a model that Start-WmsTraining wrote.");
        }
    }

    /// <summary>Whether no value is infinite or not a number.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) return false;
        }

        return true;
    }
}
