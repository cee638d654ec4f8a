namespace WaterMeters.Ml.Inference.Engines;

/// <summary>Turns logits into a mask.</summary>
internal static class LogitThreshold
{
    /// <summary>Writes a mask of 0 and 1: a probability over 0.5 is a logit over 0.</summary>
    /// <param name="logits">Logits, one per pixel.</param>
    /// <param name="mask">Receives 1 for foreground and 0 for background; as long as <paramref name="logits"/>.</param>
    /// <param name="foregroundPixels">Pixels set to 1.</param>
    /// <returns>False when a logit is NaN or infinite.</returns>
    public static bool Apply(ReadOnlySpan<float> logits, Span<byte> mask, out int foregroundPixels)
    {
        foregroundPixels = 0;
        float sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            byte on = logits[i] > 0 ? (byte)1 : (byte)0;
            mask[i] = on;
            foregroundPixels += on;

            // 0 for every finite logit; NaN for NaN and infinity. One test at the end instead of one per pixel.
            sum += logits[i] * 0;
        }

        return sum == 0;
    }
}
