namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>
/// The different values that a mask's file stores. They may be more than those of the mask as it is read, because 16 bits are cut to 8,
/// palette indices become colours, and colours become grey.
/// </summary>
/// <param name="Count">Number of different values, at most <see cref="Most"/>: then there are that many or more.</param>
/// <param name="Lowest">The lowest value: the grey, the brightest channel of a colour, or the palette index.</param>
/// <param name="Highest">The highest value.</param>
/// <param name="IsOrdered">Whether the higher of two values is certainly the brighter one.</param>
internal readonly record struct MaskValues(int Count, int Lowest, int Highest, bool IsOrdered)
{
    /// <summary>The largest count; label numbers of more classes are not distinguished from grey.</summary>
    public const int Most = 17;

    /// <summary>Whether the values divide the mask into two sets in one way only: foreground has the higher one.</summary>
    public bool AreTwo => Count == 2 && IsOrdered;
}
