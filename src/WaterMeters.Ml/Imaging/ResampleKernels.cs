using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// The two passes of the resize, one line at a time, on 4-channel pixels. Both versions of a pass give the same bytes: sums are
/// integers, and the AVX2 version only splits each weight in two parts (see <see cref="ResampleTable.LowBits"/>).
/// Bounds are not checked here: <see cref="Preprocessor"/> sizes the lines.
/// </summary>
internal static unsafe class ResampleKernels
{
    private const int Half = 1 << (ResampleTable.PrecisionBits - 1);

    /// <summary>Resamples two lines horizontally; each source line has at least <see cref="ResampleTable.Taps"/> pixels.</summary>
    public static void HorizontalAvx2(byte* line0, byte* line1, byte* target0, byte* target1, ResampleTable table)
    {
        int taps = table.Taps, size = table.Starts.Length;
        fixed (int* pairs = table.Pairs, starts = table.Starts)
        {
            int* weights = pairs;
            int x = 0;
            for (; x + 4 <= size; x += 4, weights += 4 * taps)
            {
                var a = PixelOfTwoLines(line0, line1, starts[x], weights, taps);
                var b = PixelOfTwoLines(line0, line1, starts[x + 1], weights + taps, taps);
                var c = PixelOfTwoLines(line0, line1, starts[x + 2], weights + (2 * taps), taps);
                var d = PixelOfTwoLines(line0, line1, starts[x + 3], weights + (3 * taps), taps);
                var bytes = Avx2.PackUnsignedSaturate(Avx2.PackUnsignedSaturate(a, b).AsInt16(), Avx2.PackUnsignedSaturate(c, d).AsInt16());
                bytes.GetLower().Store(target0 + (4 * x));
                bytes.GetUpper().Store(target1 + (4 * x));
            }

            for (; x < size; x++, weights += taps)
            {
                var a = PixelOfTwoLines(line0, line1, starts[x], weights, taps);
                var words = Avx2.PackUnsignedSaturate(a, a).AsInt16();
                var bytes = Avx2.PackUnsignedSaturate(words, words).AsInt32();
                *(int*)(target0 + (4 * x)) = bytes.GetElement(0);
                *(int*)(target1 + (4 * x)) = bytes.GetElement(4);
            }
        }
    }

    /// <summary>Resamples one line of <paramref name="width"/> pixels horizontally on any processor.</summary>
    public static void HorizontalPortable(byte* line, int width, byte* target, ResampleTable table)
    {
        var starts = table.Starts;
        int taps = Math.Min(table.Taps, width);
        fixed (int* weights = table.Weights)
        {
            for (int x = 0; x < starts.Length; x++)
            {
                byte* pixel = line + (4 * starts[x]);
                int* weight = weights + (x * table.Taps);
                var sum = Vector128.Create(Half);
                for (int k = 0; k < taps; k++, pixel += 4)
                {
                    var values = Vector128.CreateScalar(*(uint*)pixel).AsByte();
                    sum += Vector128.WidenLower(Vector128.WidenLower(values)).AsInt32() * weight[k];
                }

                *(uint*)(target + (4 * x)) = Narrow(sum >> ResampleTable.PrecisionBits);
            }
        }
    }

    /// <summary>Sums weighted lines into 4 output pixels at <paramref name="offset"/>, still interleaved.</summary>
    /// <param name="lines">The source lines, one per tap.</param>
    /// <param name="offset">Offset into the lines, in bytes.</param>
    /// <param name="pairs">The line's part of <see cref="ResampleTable.Pairs"/>.</param>
    /// <param name="taps">The number of lines, even.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> VerticalAvx2(byte** lines, nint offset, int* pairs, int taps)
    {
        Vector256<int> highA = default, highB = default, lowA = default, lowB = default;
        for (int* end = pairs + taps; pairs < end; pairs += 2, lines += 2)
        {
            var first = Vector128.Load(lines[0] + offset);
            var second = Vector128.Load(lines[1] + offset);
            var a = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(first, second));
            var b = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(first, second));
            var high = Vector256.Create(pairs[0]).AsInt16();
            var low = Vector256.Create(pairs[1]).AsInt16();
            highA += Avx2.MultiplyAddAdjacent(a, high);
            highB += Avx2.MultiplyAddAdjacent(b, high);
            lowA += Avx2.MultiplyAddAdjacent(a, low);
            lowB += Avx2.MultiplyAddAdjacent(b, low);
        }

        var words = Avx2.PackUnsignedSaturate(Join(highA, lowA), Join(highB, lowB));
        var ordered = Avx2.Permute4x64(words.AsInt64(), 0b11_01_10_00).AsInt16();
        return Sse2.PackUnsignedSaturate(ordered.GetLower(), ordered.GetUpper());
    }

    /// <summary>Does the same as <see cref="VerticalAvx2"/> on any processor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> VerticalPortable(byte** lines, nint offset, int* weights, int taps)
    {
        var half = Vector128.Create(Half);
        Vector128<int> a = half, b = half, c = half, d = half;
        for (int k = 0; k < taps; k++)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(lines[k] + offset));
            int weight = weights[k];
            a += Vector128.WidenLower(low).AsInt32() * weight;
            b += Vector128.WidenUpper(low).AsInt32() * weight;
            c += Vector128.WidenLower(high).AsInt32() * weight;
            d += Vector128.WidenUpper(high).AsInt32() * weight;
        }

        return Vector128.Create(
            Narrow(a >> ResampleTable.PrecisionBits), Narrow(b >> ResampleTable.PrecisionBits),
            Narrow(c >> ResampleTable.PrecisionBits), Narrow(d >> ResampleTable.PrecisionBits)).AsByte();
    }

    /// <summary>Returns one output pixel of two lines: the first line's in the lower half, the second's in the upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> PixelOfTwoLines(byte* line0, byte* line1, int start, int* pairs, int taps)
    {
        // Two neighbouring pixels r g b a R G B A become r R g G b B a A, in 16 bits each.
        var spread = Vector256.Create(
            (byte)0, 255, 4, 255, 1, 255, 5, 255, 2, 255, 6, 255, 3, 255, 7, 255,
            0, 255, 4, 255, 1, 255, 5, 255, 2, 255, 6, 255, 3, 255, 7, 255);
        byte* pixel0 = line0 + (4 * (nint)start);
        byte* pixel1 = line1 + (4 * (nint)start);
        Vector256<int> high = default, low = default;
        for (int* end = pairs + taps; pairs < end; pairs += 2, pixel0 += 8, pixel1 += 8)
        {
            var first = Vector128.CreateScalarUnsafe(*(ulong*)pixel0);
            var second = Vector128.CreateScalarUnsafe(*(ulong*)pixel1);
            var two = Vector256.Create(first, second).AsByte();
            var values = Avx2.Shuffle(two, spread).AsInt16();
            high += Avx2.MultiplyAddAdjacent(values, Vector256.Create(pairs[0]).AsInt16());
            low += Avx2.MultiplyAddAdjacent(values, Vector256.Create(pairs[1]).AsInt16());
        }

        return Join(high, low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Join(Vector256<int> high, Vector256<int> low) =>
        ((high << ResampleTable.LowBits) + low + Vector256.Create(Half)) >> ResampleTable.PrecisionBits;

    /// <summary>
    /// Packs four values into four bytes. They are in 0..255: weights are not negative, and their sum exceeds one by less than half a
    /// level.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Narrow(Vector128<int> values)
    {
        var words = Vector128.Narrow(values.AsUInt32(), values.AsUInt32());
        return Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }
}
