using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Pillow's antialiased bilinear resize to a square, bit for bit: horizontally first, rounded to 8 bits, then vertically. Horizontally
/// resampled lines stay in a small ring buffer until all outputs that need them are done, so they stay in the cache.
/// </summary>
internal sealed unsafe class Resampler
{
    private readonly int size;
    private readonly int stride;
    private readonly bool useAvx2;
    private readonly ResampleTable across = new();
    private readonly ResampleTable down = new();
    private byte[] ring = [];
    private nint[] lines = [];

    /// <summary>Creates a resampler to <paramref name="size"/> x <paramref name="size"/> pixels.</summary>
    /// <param name="size">Side of the square.</param>
    /// <param name="useAvx2">Whether to use AVX2 if the processor supports it.</param>
    public Resampler(int size, bool useAvx2 = true)
    {
        this.size = size;
        this.useAvx2 = useAvx2 && Avx2.IsSupported;
        stride = (4 * size + 15) & ~15;
    }

    /// <summary>Resizes a 4-channel photo into planes, [3, size, size].</summary>
    public void Run(Raster photo, Span<byte> planes)
    {
        across.Prepare(photo.Width, size);
        down.Prepare(photo.Height, size);
        int taps = Math.Min(down.Taps, photo.Height);
        int slots = down.Taps + 2;
        if (ring.Length < slots * stride) ring = new byte[slots * stride];
        if (lines.Length < down.Taps) lines = new nint[down.Taps];

        fixed (byte* source = photo.Pixels, first = ring, red = planes)
        fixed (nint* addresses = lines)
        fixed (int* pairs = down.Pairs, weights = down.Weights)
        {
            int done = 0;
            var starts = down.Starts;
            for (int y = 0; y < size; y++)
            {
                int end = starts[y] + taps;
                while (done < end) done = Across(source, photo.Width, photo.Height, first, slots, done);

                for (int k = 0; k < down.Taps; k++)
                {
                    // An unused tap past the last line has weight zero and can use any line.
                    int line = Math.Min(starts[y] + k, photo.Height - 1);
                    addresses[k] = (nint)(first + ((line % slots) * stride));
                }

                Down((byte**)addresses, pairs + (y * down.Taps), weights + (y * down.Taps), red + (y * size));
            }
        }
    }

    /// <summary>Resamples <paramref name="line"/> and the next line horizontally, into their slots of the ring.</summary>
    /// <returns>The first line not yet done.</returns>
    private int Across(byte* source, int width, int height, byte* first, int slots, int line)
    {
        byte* from = source + (4 * (nint)width * line);
        byte* to = first + ((line % slots) * stride);
        if (!useAvx2 || width < across.Taps)
        {
            ResampleKernels.HorizontalPortable(from, width, to, across);
            return line + 1;
        }

        bool isLast = line + 1 == height;
        ResampleKernels.HorizontalAvx2(
            from, isLast ? from : from + (4 * (nint)width), to, isLast ? to : first + (((line + 1) % slots) * stride), across);
        return isLast ? line + 1 : line + 2;
    }

    private void Down(byte** sources, int* pairs, int* weights, byte* red)
    {
        // r g b a of four pixels become rrrr gggg bbbb aaaa.
        var gather = Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        byte* green = red + ((nint)size * size);
        byte* blue = green + ((nint)size * size);
        for (int x = 0; x < size; x += 4)
        {
            var pixels = useAvx2
                ? ResampleKernels.VerticalAvx2(sources, 4 * x, pairs, down.Taps)
                : ResampleKernels.VerticalPortable(sources, 4 * x, weights, down.Taps);
            var planar = Vector128.Shuffle(pixels, gather).AsUInt32();
            if (x + 4 <= size)
            {
                *(uint*)(red + x) = planar.GetElement(0);
                *(uint*)(green + x) = planar.GetElement(1);
                *(uint*)(blue + x) = planar.GetElement(2);
                continue;
            }

            for (int i = 0; x + i < size; i++)
            {
                red[x + i] = planar.AsByte().GetElement(i);
                green[x + i] = planar.AsByte().GetElement(4 + i);
                blue[x + i] = planar.AsByte().GetElement(8 + i);
            }
        }
    }
}
