namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>One of the eight ways to lay a square onto itself: mirrored across, mirrored down, then both axes swapped.</summary>
/// <param name="MirrorX">Whether left and right change places first.</param>
/// <param name="MirrorY">Whether top and bottom do.</param>
/// <param name="Swap">Whether rows become columns after that.</param>
internal readonly record struct Symmetry(bool MirrorX, bool MirrorY, bool Swap)
{
    /// <summary>All eight, the identity first.</summary>
    public static IReadOnlyList<Symmetry> All { get; } =
    [
        default,
        new(false, true, true), new(true, true, false), new(true, false, true),
        new(true, false, false), new(false, true, false), new(false, false, true), new(true, true, true),
    ];

    /// <summary>The symmetry that undoes this one: a quarter turn back for a quarter turn, itself for every other.</summary>
    public Symmetry Inverse() => Swap ? new Symmetry(MirrorY, MirrorX, true) : this;

    /// <summary>What a viewer would say the image underwent, such as <c>turned by 90 degrees</c>; empty for the identity.</summary>
    public string Words => (MirrorX, MirrorY, Swap) switch
    {
        (false, false, false) => "",
        (false, true, true) => "turned by 90 degrees",
        (true, true, false) => "turned by 180 degrees",
        (true, false, true) => "turned by 270 degrees",
        (_, _, false) => "mirrored",
        _ => "mirrored and turned",
    };

    /// <summary>Where in the image before the symmetry a place of the image after it was; places are measured from the centre.</summary>
    public (int X, int Y) Source((int X, int Y) place)
    {
        var (x, y) = Swap ? (place.Y, place.X) : place;
        return (MirrorX ? -x : x, MirrorY ? -y : y);
    }

    /// <summary>A square grid after this symmetry.</summary>
    /// <param name="grid">[side, side].</param>
    /// <param name="side">Its side.</param>
    /// <param name="result">[side, side].</param>
    public void Apply<T>(ReadOnlySpan<T> grid, int side, Span<T> result)
    {
        for (int y = 0, at = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++, at++)
            {
                int column = Swap ? y : x, row = Swap ? x : y;
                if (MirrorX) column = side - 1 - column;
                if (MirrorY) row = side - 1 - row;
                result[at] = grid[(row * side) + column];
            }
        }
    }
}
