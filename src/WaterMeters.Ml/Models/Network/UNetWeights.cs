using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Network;

/// <summary>Checks tensors against the layout of the U-Net.</summary>
internal static class UNetWeights
{
    private const int MaxWidth = 1024;

    /// <summary>
    /// Checks that the floating-point tensors of a file are exactly those of a U-Net of this width, before they are read.
    /// </summary>
    /// <param name="path">The file, for the error.</param>
    /// <param name="tensors">The names and shapes.</param>
    /// <param name="width">The base channels.</param>
    /// <param name="why">A sentence for the error that says where the width comes from.</param>
    /// <exception cref="ModelException">They are not; the message names the first difference and both shapes.</exception>
    public static void CheckShapes(string path, IReadOnlyList<(string Name, long[] Shape)> tensors, int width, string why)
    {
        if (width is < 1 or > MaxWidth)
        {
            throw new ModelException(path,
                $"The metadata of '{path}' declare {width} base channels; it must be 1 to {MaxWidth}. Use the original, unchanged file.");
        }

        var stored = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var (name, shape) in tensors)
        {
            if (stored.TryAdd(name, shape)) continue;
            throw new ModelException(path,
                $"'{path}' has the tensor '{ModelRefusedException.ForMessage(name)}' twice, with and without a prefix. Save the network " +
                "again, without what wraps it.");
        }

        var expected = UNetLayout.Tensors(width).ToDictionary(t => t.Name, t => t.Shape, StringComparer.Ordinal);
        if (!expected.Keys.Any(stored.ContainsKey)) throw OtherNetwork(path, stored);
        foreach (var (name, shape) in expected)
        {
            if (!stored.TryGetValue(name, out var found))
            {
                throw new ModelException(path,
                    $"'{path}' is not the U-Net of this module: the tensor '{name}' is missing, {WeightTensor.Describe(shape)} with " +
                    $"{width} base channels. The file is damaged or another network; use a model from Start-WmsTraining.");
            }

            if (found.AsSpan().SequenceEqual(shape)) continue;
            throw new ModelException(path,
                $"The tensor '{name}' in '{path}' has shape {WeightTensor.Describe(found)}; a U-Net with " +
                $"{UNetShape.InputChannels} input channels and {width} base channels has {WeightTensor.Describe(shape)}. {why}");
        }

        string? unexpected = stored.Keys.FirstOrDefault(name => !expected.ContainsKey(name));
        if (unexpected is not null)
        {
            throw new ModelException(path,
                $"'{path}' has the tensor '{ModelRefusedException.ForMessage(unexpected)}', which a U-Net with {width} base channels " +
                "does not have. It is another network; use a model from Start-WmsTraining.");
        }
    }

    /// <summary>Checks that all values are finite, and no variance is negative.</summary>
    /// <param name="path">The file, for the error.</param>
    /// <param name="weights">The tensors.</param>
    /// <exception cref="ModelException">They are not; the message names the first tensor.</exception>
    public static void CheckValues(string path, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        foreach (var (name, tensor) in weights)
        {
            if (!AllFinite(tensor.Values))
            {
                throw new ModelException(path,
                    $"The tensor '{name}' in '{path}' has values that are not finite: the file is damaged, or its training failed. " +
                    "Copy it again from its source, or train a new one with Start-WmsTraining.");
            }

            if (UNetLayout.IsVariance(name) && tensor.Values.AsSpan().ContainsAnyInRange(float.MinValue, -float.Epsilon))
            {
                throw new ModelException(path,
                    $"The tensor '{name}' in '{path}' has negative values, and no variance is negative: the file is damaged. " +
                    "Copy it again from its source, or train a new one with Start-WmsTraining.");
            }
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

    private static ModelException OtherNetwork(string path, Dictionary<string, long[]> stored)
    {
        string kind = ForeignNetwork.Guess(stored.Keys) is { } guess ? $"It looks like {guess}" : "It is another network";
        string first = stored.Count == 0
            ? "no tensor of floating-point numbers"
            : $"{stored.Count} tensors, such as '{ModelRefusedException.ForMessage(stored.Keys.First())}' " +
              WeightTensor.Describe(stored.Values.First());
        return new ModelException(path,
            $"'{path}' is not the U-Net of this module: it has {first}, and none with a name of the U-Net, such as " +
            $"'{UNetLayout.Tensors(1).First().Name}'. {kind}; use a model from Start-WmsTraining, or export that network " +
            "as .onnx with one logit per pixel.");
    }
}
