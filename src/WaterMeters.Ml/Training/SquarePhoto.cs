using System.Collections.Concurrent;

namespace WaterMeters.Ml.Training;

/// <summary>A photo and its mask at a network's size. Disposing one that is only borrowed makes its arrays free for another photo.</summary>
/// <param name="size">Edge of the square, pixels.</param>
internal sealed class SquarePhoto(int size) : IDisposable
{
    private ConcurrentBag<SquarePhoto>? home;

    /// <summary>Edge of the square, pixels.</summary>
    public int Size => size;

    /// <summary>The photo, [3, S, S], 8 bits.</summary>
    public byte[] Planes { get; } = new byte[3 * size * size];

    /// <summary>The mask, [S, S], 1 where the meter is.</summary>
    public byte[] Mask { get; } = new byte[size * size];

    /// <summary>Bytes of both.</summary>
    public long Bytes => Planes.LongLength + Mask.LongLength;

    /// <summary>Arrays out of a bag, to which disposing brings them back. What is in them is left from their last use.</summary>
    public static SquarePhoto Borrow(ConcurrentBag<SquarePhoto> bag, int size)
    {
        if (!bag.TryTake(out var photo)) photo = new SquarePhoto(size);
        photo.home = bag;
        return photo;
    }

    /// <summary>Makes it one that stays: disposing does nothing any more.</summary>
    public void Keep() => home = null;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref home, null)?.Add(this);
}
