using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Inference.Onnx;

/// <summary>A test image, and what the values that a network computes for it say about its output.</summary>
internal static class OutputProbe
{
    /// <summary>Returns an image with dark, bright, striped and noisy quarters, [3, S, S]; always the same.</summary>
    public static byte[] Planes(int size)
    {
        byte[] planes = new byte[3 * size * size];
        var random = new DeterministicRandom(1, size);
        for (int i = 0; i < planes.Length; i++)
        {
            int x = i % size, y = i / size % size;
            planes[i] = (2 * x / size, 2 * y / size) switch
            {
                (0, 0) => (byte)(255 * x / size),
                (1, 0) => (byte)(255 - (64 * y / size)),
                (0, 1) => (x + y) % 16 < 8 ? (byte)235 : (byte)20,
                _ => (byte)random.NextInt(256),
            };
        }

        return planes;
    }

    /// <summary>Returns whether a value is below 0, so that not every pixel becomes foreground.</summary>
    public static bool HasBackground(ReadOnlySpan<float> values) => values.ContainsAnyInRange(float.MinValue, -float.Epsilon);

    /// <summary>Returns why the values for the test image cannot be logits; null when they can.</summary>
    public static string? Refusal(ReadOnlySpan<float> values)
    {
        float least = float.PositiveInfinity, most = float.NegativeInfinity;
        foreach (float value in values)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        // Not finite: each photo gives its own error. Negative somewhere: the threshold divides the pixels.
        if (!float.IsFinite(least) || !float.IsFinite(most) || least < 0) return null;
        string range = FormattableString.Invariant($"its values for a test image are from {least:0.###} to {most:0.###}");
        return most <= 1 ? range + ", as of probabilities" : range + ", and never below 0";
    }
}
