using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Imaging.Jpeg;

/// <summary>
/// Reads the bits of an entropy-coded segment (ITU-T T.81, B.1.1.5): ff 00 is the byte ff, any other ff ends the segment. Behind its end
/// the bits are zero, as in the decoder, and <see cref="IsShort"/> tells.
/// </summary>
internal ref struct JpegBitReader(ReadOnlySpan<byte> file, int start)
{
    private readonly ReadOnlySpan<byte> file = file;
    private int at = start;
    private ulong window; // the next bits, the first in the highest place
    private int available;

    /// <summary>Whether more bits were taken than the segment has.</summary>
    public readonly bool IsShort => available < 0;

    /// <summary>The next 32 bits, the first in the highest place; call <see cref="Fill"/> before.</summary>
    public readonly uint Next => (uint)(window >> 32);

    /// <summary>Whether all bits before the next are used, except for the padding of the last byte.</summary>
    public readonly bool IsAtEnd => available < 8 && IsMarker(at);

    /// <summary>The bits of a last, incomplete byte, at most 7; only valid when <see cref="IsAtEnd"/>.</summary>
    public readonly bool IsPaddedWithOnes => available <= 0 || (window >> (64 - available)) == (1UL << available) - 1;

    /// <summary>Position of the marker that ends the segment, or the length of the file; only valid when <see cref="IsAtEnd"/>.</summary>
    public readonly int Position => at;

    /// <summary>Provides at least 32 bits for <see cref="Next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        if (available < 32) Refill();
    }

    /// <summary>Takes bits; at most 32 between two calls of <see cref="Fill"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        window <<= count;
        available -= count;
    }

    /// <summary>Takes up to 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipMany(int count)
    {
        for (; count > 0; count -= 32)
        {
            Fill();
            Skip(Math.Min(count, 32));
        }
    }

    /// <summary>Takes up to 16 bits as a number.</summary>
    public int Take(int count)
    {
        Fill();
        int value = count == 0 ? 0 : (int)(window >> (64 - count));
        Skip(count);
        return value;
    }

    /// <summary>Moves to the end of the segment.</summary>
    /// <returns>The bytes that were not used, from the first whole one; ff 00 counts as two.</returns>
    public ReadOnlySpan<byte> SkipRest()
    {
        // Bytes already in the window are before the position; of these, the stuffed zeros are counted back too.
        int from = at;
        for (int bytes = Math.Max(available, 0) / 8; bytes > 0; bytes--)
        {
            from--;
            if (from > 0 && file[from] == 0 && file[from - 1] == 0xff) from--;
        }

        while (!IsMarker(at)) at += file[at] == 0xff && at + 1 < file.Length ? 2 : 1;
        available = 0;
        window = 0;
        return file[from..at];
    }

    /// <summary>Starts to read again behind a marker.</summary>
    public void Restart(int position)
    {
        at = position;
        window = 0;
        available = 0;
    }

    private void Refill()
    {
        if (at + 4 <= file.Length)
        {
            uint four = BinaryPrimitives.ReadUInt32BigEndian(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref First, at), 4));
            if ((((~four) - 0x01010101) & four & 0x80808080) == 0) // no byte is ff
            {
                if (available >= 0) window |= (ulong)four << (32 - available);
                available += 32;
                at += 4;
                return;
            }
        }

        while (available <= 56 && !IsMarker(at))
        {
            int value = file[at];
            at += value == 0xff ? 2 : 1;
            if (available >= 0) window |= (ulong)value << (56 - available);
            available += 8;
        }
    }

    private readonly ref byte First => ref MemoryMarshal.GetReference(file);

    /// <summary>Returns whether the segment ends here: at a marker, at an ff that is the last byte, or at the end of the file.</summary>
    private readonly bool IsMarker(int position) =>
        position >= file.Length || (file[position] == 0xff && (position + 1 >= file.Length || file[position + 1] != 0));
}
