using System.Numerics;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Turns a photo into network input, as the legacy pipeline does: antialiased resize to a square, contrast stretch between the 2nd and
/// 98th percentiles, 3x3 median. Shared by training, evaluation and prediction. Reuses its buffers and allocates nothing after the
/// first photo; not thread-safe.
/// </summary>
public sealed class Preprocessor
{
    /// <summary>Version of the preprocessing; it changes with the output. Models and caches of another version are incompatible.</summary>
    public const string Version = "1";

    /// <summary>Smallest side of the square, in pixels.</summary>
    public const int MinSize = 16;

    /// <summary>Smallest value of a mask file that is foreground.</summary>
    public const byte ForegroundThreshold = 127;

    private readonly Resampler resampler;
    private readonly MedianFilter median;
    private readonly byte[] table = new byte[256];

    /// <summary>Creates a preprocessor to <paramref name="size"/> x <paramref name="size"/> pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 16 or above 8192.</exception>
    public Preprocessor(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 8192);
        Size = size;
        resampler = new Resampler(size);
        median = new MedianFilter(size);
    }

    /// <summary>Side of the square in pixels.</summary>
    public int Size { get; }

    /// <summary>Number of bytes of a preprocessed photo: 3 x size x size.</summary>
    public int PlanesLength => 3 * Size * Size;

    /// <summary>Resizes and normalises a photo.</summary>
    /// <param name="photo">4 channels, any size.</param>
    /// <param name="planes">[3, size, size], R, G, B; exactly <see cref="PlanesLength"/> long.</param>
    /// <exception cref="ArgumentException">The photo does not have 4 channels, or the planes have another length.</exception>
    public void Run(Raster photo, Span<byte> planes)
    {
        Resize(photo, planes);
        Normalize(planes);
    }

    /// <summary>Resizes a photo, bit for bit as Pillow 9.4 with BILINEAR.</summary>
    /// <inheritdoc cref="Run" path="/param"/>
    /// <inheritdoc cref="Run" path="/exception"/>
    public void Resize(Raster photo, Span<byte> planes)
    {
        ArgumentNullException.ThrowIfNull(photo);
        if (photo.Channels != 4) throw new ArgumentException("The photo must have 4 channels.", nameof(photo));
        CheckLength(planes);
        resampler.Run(photo, planes);
    }

    /// <summary>Stretches the contrast of all three planes together, then takes the 3x3 median of each, in place.</summary>
    /// <param name="planes">[3, size, size]; exactly <see cref="PlanesLength"/> long.</param>
    /// <exception cref="ArgumentException">The planes have another length.</exception>
    public void Normalize(Span<byte> planes)
    {
        CheckLength(planes);
        ContrastStretch.Fill(planes, table);
        int area = Size * Size;
        for (int channel = 0; channel < 3; channel++) median.Run(planes.Slice(channel * area, area), table);
    }

    /// <summary>Converts planes to network input: each byte divided by 255, in float32.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than the planes.</exception>
    public static void ToFloat(ReadOnlySpan<byte> planes, Span<float> destination)
    {
        if (destination.Length < planes.Length)
        {
            throw new ArgumentException("The destination is shorter than the planes.", nameof(destination));
        }

        var target = destination[..planes.Length];
        int step = Vector<byte>.Count;
        int quarter = Vector<float>.Count;
        var divisor = new Vector<float>(255f);
        int i = 0;
        for (; i + step <= planes.Length; i += step)
        {
            Vector.Widen(new Vector<byte>(planes[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
            Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
            var four = target.Slice(i, step);
            (Vector.ConvertToSingle(a.As<uint, int>()) / divisor).CopyTo(four);
            (Vector.ConvertToSingle(b.As<uint, int>()) / divisor).CopyTo(four[quarter..]);
            (Vector.ConvertToSingle(c.As<uint, int>()) / divisor).CopyTo(four[(2 * quarter)..]);
            (Vector.ConvertToSingle(d.As<uint, int>()) / divisor).CopyTo(four[(3 * quarter)..]);
        }

        for (; i < planes.Length; i++) target[i] = planes[i] / 255f;
    }

    /// <summary>Resizes a mask to the network's size by nearest neighbour: 1 where it is at least 127, otherwise 0.</summary>
    /// <param name="mask">1 channel, any size.</param>
    /// <param name="size">The side of the square.</param>
    /// <param name="destination">[size, size].</param>
    /// <exception cref="ArgumentException">The mask does not have 1 channel, or the destination has another length.</exception>
    public static void ResizeMask(Raster mask, int size, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.Channels != 1) throw new ArgumentException("The mask must have 1 channel.", nameof(mask));
        if (destination.Length != size * size)
        {
            throw new ArgumentException("The destination must have size x size bytes.", nameof(destination));
        }

        NearestNeighbor.Scale(mask.Pixels, mask.Width, mask.Height, destination, size, size, ForegroundThreshold, 1);
    }

    /// <summary>Scales a mask of the network's size to a photo's size by nearest neighbour: 255 where it is not 0, otherwise 0.</summary>
    /// <param name="mask01">[size, size].</param>
    /// <param name="size">The side of the square.</param>
    /// <param name="destination">1 channel, any size.</param>
    /// <exception cref="ArgumentException">The destination does not have 1 channel, or the mask has another length.</exception>
    public static void ScaleMask(ReadOnlySpan<byte> mask01, int size, Raster destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (destination.Channels != 1) throw new ArgumentException("The destination must have 1 channel.", nameof(destination));
        if (mask01.Length != size * size) throw new ArgumentException("The mask must have size x size bytes.", nameof(mask01));
        NearestNeighbor.Scale(mask01, size, size, destination.Pixels, destination.Width, destination.Height, 1, 255);
    }

    private void CheckLength(Span<byte> planes)
    {
        if (planes.Length != PlanesLength) throw new ArgumentException($"The planes must have {PlanesLength} bytes.", nameof(planes));
    }
}
