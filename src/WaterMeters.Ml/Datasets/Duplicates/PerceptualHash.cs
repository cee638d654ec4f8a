using System.Numerics;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// The signs of the 63 lowest frequencies of an image (its cosine transform, as in C. Zauner, "Implementation and Benchmarking of
/// Perceptual Image Hash Functions", 2010). An image that is saved again, scaled, brightened or cropped a little keeps almost all of them.
/// Bit 8 v + u stands for u half waves across and v down; bit 0, the mean, is not used. Mirroring an image inverts the signs of the odd
/// frequencies, and swapping its axes swaps u and v, so the hashes of all <see cref="Symmetry.All"/> follow from one.
/// </summary>
/// <param name="Bits">A bit is 1 where the coefficient is negative.</param>
internal readonly record struct PerceptualHash(ulong Bits)
{
    private const int Frequencies = 8;
    private const ulong OddAcross = 0xaaaaaaaaaaaaaaaa, OddDown = 0xff00ff00ff00ff00;
    private static readonly float[] Cosines = MakeCosines();

    /// <summary>Computes the hash of a thumbnail.</summary>
    /// <param name="grey">[<see cref="Thumbnail.Side"/>, <see cref="Thumbnail.Side"/>].</param>
    public static PerceptualHash Compute(ReadOnlySpan<byte> grey)
    {
        const int side = Thumbnail.Side;
        Span<float> rows = stackalloc float[side * Frequencies];
        for (int y = 0; y < side; y++)
        {
            for (int u = 0; u < Frequencies; u++)
            {
                float sum = 0;
                for (int x = 0; x < side; x++) sum += grey[(y * side) + x] * Cosines[(u * side) + x];
                rows[(u * side) + y] = sum;
            }
        }

        ulong bits = 0;
        for (int i = 1; i < 64; i++)
        {
            int u = i % Frequencies, v = i / Frequencies;
            float sum = 0;
            for (int y = 0; y < side; y++) sum += rows[(u * side) + y] * Cosines[(v * side) + y];
            if (sum < 0) bits |= 1UL << i;
        }

        return new PerceptualHash(bits);
    }

    /// <summary>Returns the hash of the image after a symmetry.</summary>
    public PerceptualHash After(Symmetry symmetry)
    {
        ulong bits = Bits;
        if (symmetry.MirrorX) bits ^= OddAcross;
        if (symmetry.MirrorY) bits ^= OddDown;
        return new PerceptualHash(symmetry.Swap ? Transpose(bits) : bits);
    }

    /// <summary>Returns the number of signs that differ, 0 to 63.</summary>
    public int Distance(PerceptualHash other) => BitOperations.PopCount(Bits ^ other.Bits);

    /// <summary>
    /// Transposes an 8 x 8 matrix of bits by swapping blocks of 1, 2 and 4 across the diagonal (H. S. Warren, "Hacker's Delight", section
    /// 7-3).
    /// </summary>
    private static ulong Transpose(ulong bits)
    {
        bits = SwapBlocks(bits, 7, 0x00aa00aa00aa00aa);
        bits = SwapBlocks(bits, 14, 0x0000cccc0000cccc);
        return SwapBlocks(bits, 28, 0x00000000f0f0f0f0);
    }

    private static ulong SwapBlocks(ulong bits, int by, ulong mask)
    {
        ulong moved = (bits ^ (bits >> by)) & mask;
        return bits ^ moved ^ (moved << by);
    }

    private static float[] MakeCosines()
    {
        var table = new float[Frequencies * Thumbnail.Side];
        for (int u = 0; u < Frequencies; u++)
        {
            for (int x = 0; x < Thumbnail.Side; x++)
            {
                table[(u * Thumbnail.Side) + x] = (float)Math.Cos(Math.PI * u * ((2 * x) + 1) / (2 * Thumbnail.Side));
            }
        }

        return table;
    }
}
