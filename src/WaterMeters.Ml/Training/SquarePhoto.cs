namespace WaterMeters.Ml.Training;

/// <summary>A photo and its mask at a network's size.</summary>
/// <param name="size">Edge of the square, pixels.</param>
internal sealed class SquarePhoto(int size)
{
    /// <summary>Edge of the square, pixels.</summary>
    public int Size => size;

    /// <summary>The photo, [3, S, S], 8 bits.</summary>
    public byte[] Planes { get; } = new byte[3 * size * size];

    /// <summary>The mask, [S, S], 1 where the meter is.</summary>
    public byte[] Mask { get; } = new byte[size * size];

    /// <summary>Bytes of both.</summary>
    public long Bytes => Planes.LongLength + Mask.LongLength;
}
