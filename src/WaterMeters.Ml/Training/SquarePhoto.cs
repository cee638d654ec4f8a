using System.Collections.Concurrent;

namespace WaterMeters.Ml.Training;

/// <summary>A photo and its mask at a network's size. Disposing a borrowed one returns its arrays for another photo.</summary>
/// <param name="size">Edge of the square, pixels.</param>
internal sealed class SquarePhoto(int size) : IDisposable
{
    private ConcurrentBag<SquarePhoto>? pool;

    /// <summary>Edge of the square, pixels.</summary>
    public int Size => size;

    /// <summary>The photo, [3, S, S], 8 bits.</summary>
    public byte[] Planes { get; } = new byte[3 * size * size];

    /// <summary>The mask, [S, S], 1 for foreground.</summary>
    public byte[] Mask { get; } = new byte[size * size];

    /// <summary>Bytes of both.</summary>
    public long Bytes => Planes.LongLength + Mask.LongLength;

    /// <summary>Takes arrays from a pool, to which disposing returns them. They still hold the values of their last use.</summary>
    public static SquarePhoto Borrow(ConcurrentBag<SquarePhoto> pool, int size)
    {
        if (!pool.TryTake(out var photo)) photo = new SquarePhoto(size);
        photo.pool = pool;
        return photo;
    }

    /// <summary>Keeps the arrays out of the pool: disposing no longer does anything.</summary>
    public void Keep() => pool = null;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref pool, null)?.Add(this);
}
