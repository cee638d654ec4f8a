namespace WaterMeters.Ml.Foundation;

/// <summary>Round step widths for axes and histograms.</summary>
internal static class RoundStep
{
    /// <summary>Returns the smallest of 1, 2 and 5 times a power of ten that divides a span into at most about this many steps.</summary>
    public static double For(double span, int steps)
    {
        double exact = span / steps, power = Math.Pow(10, Math.Floor(Math.Log10(exact)));
        double factor = exact / power;
        return power * (factor <= 1.0000001 ? 1 : factor <= 2.0000001 ? 2 : factor <= 5.0000001 ? 5 : 10);
    }
}
