using System.Numerics;
using System.Runtime.CompilerServices;

namespace WaterMeters.Ml.Imaging.Jpeg;

/// <summary>The parameters of a scan (ITU-T T.81, B.2.3).</summary>
/// <param name="Components">The components in it, in their order.</param>
/// <param name="First">Index of the first coefficient in zigzag order.</param>
/// <param name="Last">Index of the last coefficient.</param>
/// <param name="High">The bit that an earlier scan ended with; 0 for the first scan of these coefficients.</param>
/// <param name="Low">The lowest bit in this scan.</param>
internal sealed record JpegScan(JpegComponent[] Components, int First, int Last, int High, int Low)
{
    private int endOfBandRun;

    /// <summary>Whether no run of ended bands goes on: it never goes past the end of a scan or a restart marker.</summary>
    public bool IsBandEnded => endOfBandRun == 0;

    /// <summary>Forgets what was before a restart marker.</summary>
    public void Restart()
    {
        endOfBandRun = 0;
        foreach (var component in Components) component.LastDc = 0;
    }

    /// <summary>Reads a block of a sequential image: codes only, no coefficients.</summary>
    /// <returns>False if no encoder writes such a block.</returns>
    public static bool ReadSequential(ref JpegBitReader bits, JpegComponent component)
    {
        if (!ReadDc(ref bits, component, 0)) return false;
        var table = component.Ac!;
        int k = 0, symbols = 0, sizes = 0;
        uint values = 0;
        while (k < 63)
        {
            bits.Fill();
            uint next = bits.Next;
            int code = table.Decode(next);
            if (code < 0) return false;
            int length = code >> 8, size = code & 15, run = (code >> 4) & 15;
            if (size == 0)
            {
                bits.Skip(length);
                if (run != 15) return true;
                k += 16;
                symbols = 0;
                if (k > 63) return false;
                continue;
            }

            k += run + 1;
            if (k > 63) return false;
            symbols++;
            sizes += size;
            values |= (next << length) >> (32 - size);
            bits.Skip(length + size);
        }

        // Zeros in place of the codes of luma are blocks in which every coefficient is -1; no photo has such blocks.
        return symbols < 63 || sizes > 63 || values != 0;
    }

    /// <summary>Reads a block of a progressive image.</summary>
    /// <param name="bits">The bits.</param>
    /// <param name="component">The component of the block.</param>
    /// <param name="block">Index of the block.</param>
    public bool ReadProgressive(ref JpegBitReader bits, JpegComponent component, int block)
    {
        if (First == 0)
        {
            if (High == 0) return ReadDc(ref bits, component, Low);
            bits.Fill();
            bits.Skip(1);
            return true;
        }

        ref ulong notZero = ref component.NotZero![block];
        return High == 0 ? ReadBand(ref bits, component.Ac!, ref notZero) : RefineBand(ref bits, component.Ac!, ref notZero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ReadDc(ref JpegBitReader bits, JpegComponent component, int low)
    {
        bits.Fill();
        uint next = bits.Next;
        int code = component.Dc!.Decode(next);
        if (code < 0) return false;
        int length = code >> 8, size = code & 255;
        if (size > 15) return false;
        if (size > 0)
        {
            int value = (int)((next << length) >> (32 - size));
            if (value < 1 << (size - 1)) value -= (1 << size) - 1;
            component.LastDc += value;
        }

        bits.Skip(length + size);

        // The lower bits come in later scans; those of a negative value were rounded away from zero.
        return (uint)(Math.Abs(component.LastDc) << low) <= (uint)component.MostDc + (1u << low) - 1;
    }

    private bool ReadBand(ref JpegBitReader bits, JpegHuffmanTable table, ref ulong notZero)
    {
        if (endOfBandRun > 0)
        {
            endOfBandRun--;
            return true;
        }

        for (int k = First; k <= Last; k++)
        {
            bits.Fill();
            int code = table.Decode(bits.Next);
            if (code < 0) return false;
            int size = code & 15, run = (code >> 4) & 15;
            bits.Skip(code >> 8);
            if (size == 0)
            {
                if (run == 15)
                {
                    k += 15;
                    continue;
                }

                endOfBandRun = (1 << run) + bits.Take(run) - 1;
                return true;
            }

            k += run;
            if (k > Last) return false;
            notZero |= 1UL << k;
            bits.Skip(size);
        }

        return true;
    }

    /// <summary>Reads one more bit of each coefficient of a band (ITU-T T.81, G.1.2.3).</summary>
    private bool RefineBand(ref JpegBitReader bits, JpegHuffmanTable table, ref ulong notZero)
    {
        // Each coefficient that is not zero has a bit; the zero ones are counted by the runs.
        ulong band = (ulong.MaxValue << First) & (ulong.MaxValue >> (63 - Last)), left = band;
        while (left != 0 && endOfBandRun == 0)
        {
            bits.Fill();
            int code = table.Decode(bits.Next);
            if (code < 0) return false;
            int size = code & 15, run = (code >> 4) & 15;
            bits.Skip(code >> 8);
            if (size > 1) return false;
            if (size == 1) bits.Skip(1);
            else if (run != 15)
            {
                endOfBandRun = (1 << run) + bits.Take(run);
                break;
            }

            ulong zeros = left & ~notZero;
            for (; run > 0; run--) zeros &= zeros - 1;
            if (zeros == 0)
            {
                bits.SkipMany(BitOperations.PopCount(left & notZero));
                if (size == 1) return false;
                break;
            }

            ulong found = zeros & (~zeros + 1), upTo = found | (found - 1);
            bits.SkipMany(BitOperations.PopCount(left & notZero & upTo));
            if (size == 1) notZero |= found;
            left &= ~upTo;
        }

        if (endOfBandRun == 0) return true;
        bits.SkipMany(BitOperations.PopCount(left & notZero));
        endOfBandRun--;
        return true;
    }
}
