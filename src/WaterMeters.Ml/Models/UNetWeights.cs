namespace WaterMeters.Ml.Models;

/// <summary>Holds tensors against the layout of the U-Net.</summary>
internal static class UNetWeights
{
    /// <summary>Checks that the tensors are those of one U-Net, no more and no fewer, and all finite.</summary>
    /// <returns>Its base channels.</returns>
    /// <exception cref="ModelException">They are not; the message names the first that differs and both shapes.</exception>
    public static int Check(string path, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        const string First = "enc1.0.weight";
        if (!weights.TryGetValue(First, out var first) || first.Shape is not [var width, UNetShape.InputChannels, 3, 3] || width is < 1 or > 1024)
        {
            string found = first is null ? "it has no such tensor" : "there it is " + WeightTensor.Describe(first.Shape);
            throw new ModelException(path, $"'{path}' does not hold the U-Net this module runs: '{First}' must be [base channels, {UNetShape.InputChannels}, 3, 3], but {found}. Use a model that Start-WmsTraining wrote.");
        }

        var expected = UNetLayout.Tensors((int)width).ToDictionary(t => t.Name, t => t.Shape, StringComparer.Ordinal);
        foreach (var (name, shape) in expected)
        {
            if (!weights.TryGetValue(name, out var tensor)) throw new ModelException(path, $"'{path}' lacks the tensor '{name}' of a U-Net with {width} base channels. It is damaged or of another network.");
            if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            {
                throw new ModelException(path, $"'{name}' in '{path}' is {WeightTensor.Describe(tensor.Shape)}; a U-Net with {width} base channels has {WeightTensor.Describe(shape)} there.");
            }

            if (!AllFinite(tensor.Values)) throw new ModelException(path, $"'{name}' in '{path}' holds numbers that are not finite. The file is damaged, or its training had failed.");
        }

        string? stranger = weights.Keys.FirstOrDefault(name => !expected.ContainsKey(name));
        return stranger is null
            ? (int)width
            : throw new ModelException(path, $"'{path}' holds the tensor '{stranger}', which a U-Net with {width} base channels does not have. It is of another network.");
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
