namespace WaterMeters.Ml.Imaging;

/// <summary>
/// An 8-bit image in pooled native memory, row by row from the top, without padding between the rows. Four channels are
/// R, G, B and one unused byte (a photo); one channel is grey or a mask. Dispose it: the garbage collector does not free it.
/// </summary>
public sealed class Raster : IDisposable
{
    private readonly int length;
    private readonly ImageBlock block;

    private Raster(int width, int height, int channels)
    {
        Width = width;
        Height = height;
        Channels = channels;
        length = checked(width * height * channels);
        block = new ImageBlock(length);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Bytes per pixel: 4 or 1.</summary>
    public int Channels { get; }

    /// <summary>Size of the pixels in bytes: width x height x channels.</summary>
    public long Bytes => length;

    /// <summary>Pixels, [height, width, channels]; exactly <see cref="Bytes"/> long. Do not use them after <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The memory was returned to the pool.</exception>
    public Span<byte> Pixels => block.Bytes;

    /// <summary>Rents memory for an image from the pool; its content is undefined.</summary>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="channels">4 or 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the number of channels is not 1 or 4.</exception>
    /// <exception cref="OverflowException">The image would have 2 GiB or more.</exception>
    public static Raster Rent(int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 4)) throw new ArgumentOutOfRangeException(nameof(channels), channels, "A raster has 1 or 4 channels.");
        return new Raster(width, height, channels);
    }

    /// <summary>Returns the memory to the pool; a second call does nothing.</summary>
    public void Dispose() => block.Dispose();
}
