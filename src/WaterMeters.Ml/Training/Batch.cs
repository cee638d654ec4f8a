using System.Buffers;

namespace WaterMeters.Ml.Training;

/// <summary>Images and masks of one step, in pooled buffers.</summary>
/// <param name="count">Number of photos.</param>
/// <param name="size">Edge of the square, pixels.</param>
internal sealed class Batch(int count, int size) : IDisposable
{
    private float[]? images = ArrayPool<float>.Shared.Rent(count * size * size * 3);
    private float[]? masks = ArrayPool<float>.Shared.Rent(count * size * size);

    /// <summary>Number of photos.</summary>
    public int Count => count;

    /// <summary>Edge of the square, pixels.</summary>
    public int Size => size;

    /// <summary>The images, [N, S, S, 3] in 0..1.</summary>
    public Span<float> Images => images.AsSpan(0, count * size * size * 3);

    /// <summary>The masks, [N, S, S], 0 or 1.</summary>
    public Span<float> Masks => masks.AsSpan(0, count * size * size);

    /// <summary>Returns the image of one photo.</summary>
    public Span<float> Image(int index) => Images.Slice(index * size * size * 3, size * size * 3);

    /// <summary>Returns the mask of one photo.</summary>
    public Span<float> Mask(int index) => Masks.Slice(index * size * size, size * size);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref images, null) is { } imagesBuffer) ArrayPool<float>.Shared.Return(imagesBuffer);
        if (Interlocked.Exchange(ref masks, null) is { } masksBuffer) ArrayPool<float>.Shared.Return(masksBuffer);
    }
}
