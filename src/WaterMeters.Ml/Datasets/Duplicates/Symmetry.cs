namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>One of the eight symmetries of a square: mirror left and right, mirror top and bottom, then swap the axes.</summary>
/// <param name="MirrorX">Whether left and right are swapped first.</param>
/// <param name="MirrorY">Whether top and bottom are swapped.</param>
/// <param name="Swap">Whether rows then become columns.</param>
internal readonly record struct Symmetry(bool MirrorX, bool MirrorY, bool Swap)
{
    /// <summary>All eight symmetries, the identity first.</summary>
    public static IReadOnlyList<Symmetry> All { get; } =
    [
        default,
        new(false, true, true), new(true, true, false), new(true, false, true),
        new(true, false, false), new(false, true, false), new(false, false, true), new(true, true, true),
    ];

    /// <summary>Returns the symmetry that undoes this one: the opposite quarter turn for a quarter turn, otherwise the same.</summary>
    public Symmetry Inverse() => Swap ? new Symmetry(MirrorY, MirrorX, true) : this;

    /// <summary>A description of the change, such as <c>rotated by 90 degrees</c>; empty for the identity.</summary>
    public string Description => (MirrorX, MirrorY, Swap) switch
    {
        (false, false, false) => "",
        (false, true, true) => "rotated by 90 degrees",
        (true, true, false) => "rotated by 180 degrees",
        (true, false, true) => "rotated by 270 degrees",
        (_, _, false) => "mirrored",
        _ => "mirrored and rotated",
    };

    /// <summary>Returns where a position of the changed image was in the original; positions are relative to the centre.</summary>
    public (int X, int Y) Source((int X, int Y) position)
    {
        var (x, y) = Swap ? (position.Y, position.X) : position;
        return (MirrorX ? -x : x, MirrorY ? -y : y);
    }

    /// <summary>Applies the symmetry to a square grid.</summary>
    /// <param name="grid">[side, side].</param>
    /// <param name="side">The side of the grid.</param>
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
