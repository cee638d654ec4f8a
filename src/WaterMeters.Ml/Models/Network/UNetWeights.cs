using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Network;

/// <summary>Checks tensors against the layout of the U-Net.</summary>
internal static class UNetWeights
{
    private const int MaxWidth = 1024;

    /// <summary>Checks that the tensors are exactly those of a U-Net of this width, and all finite.</summary>
    /// <param name="path">The file, for the error.</param>
    /// <param name="weights">The tensors.</param>
    /// <param name="width">The base channels.</param>
    /// <param name="why">A sentence for the error that says where the width comes from.</param>
    /// <exception cref="ModelException">They are not; the message names the first difference and both shapes.</exception>
    public static void Check(string path, IReadOnlyDictionary<string, WeightTensor> weights, int width, string why)
    {
        if (width is < 1 or > MaxWidth)
        {
            throw new ModelException(path,
                $"The metadata of '{path}' declare {width} base channels; it must be 1 to {MaxWidth}. Use the original, unchanged file.");
        }

        var expected = UNetLayout.Tensors(width).ToDictionary(t => t.Name, t => t.Shape, StringComparer.Ordinal);
        foreach (var (name, shape) in expected)
        {
            if (!weights.TryGetValue(name, out var tensor))
            {
                throw new ModelException(path,
                    $"'{path}' is not the U-Net of this module: the tensor '{name}' is missing, {WeightTensor.Describe(shape)} with " +
                    $"{width} base channels. The file is damaged or another network; use a model from Start-WmsTraining.");
            }

            if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            {
                throw new ModelException(path,
                    $"The tensor '{name}' in '{path}' has shape {WeightTensor.Describe(tensor.Shape)}; a U-Net with " +
                    $"{UNetShape.InputChannels} input channels and {width} base channels has {WeightTensor.Describe(shape)}. {why}");
            }

            if (!AllFinite(tensor.Values))
            {
                throw new ModelException(path,
                    $"The tensor '{name}' in '{path}' has values that are not finite: the file is damaged, or its training failed. " +
                    "Copy it again from its source, or train a new one with Start-WmsTraining.");
            }
        }

        string? unexpected = weights.Keys.FirstOrDefault(name => !expected.ContainsKey(name));
        if (unexpected is not null)
        {
            throw new ModelException(path,
                $"'{path}' has the tensor '{ModelRefusedException.ForMessage(unexpected)}', which a U-Net with {width} base channels " +
                "does not have. It is another network; use a model from Start-WmsTraining.");
        }
    }

    /// <summary>Returns whether no value is infinite or NaN.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) return false;
        }

        return true;
    }
}
