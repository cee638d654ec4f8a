using System.Buffers.Binary;

namespace WaterMeters.Ml.Imaging.Jpeg;

/// <summary>
/// Reads the Huffman codes of a JPEG file and counts its blocks, without computing pixels. The decoder only warns when a scan is damaged,
/// and SkiaSharp does not pass its warnings on; docs/decisions/damaged-photos.md states what this finds and what it costs.
/// </summary>
internal ref struct JpegScanChecker
{
    private const byte StartOfImage = 0xd8, EndOfImage = 0xd9, StartOfScan = 0xda, FirstRestart = 0xd0;

    /// <summary>
    /// Bytes behind the last block that can be the rest of the image, and the MCUs they then must be, to the last bit. Fewer may be bytes
    /// of no meaning.
    /// </summary>
    private const int LeastLeftOver = 256, LeftOverMcus = 32;

    /// <summary>Bytes at the end of the data that are searched for MCUs, and bytes that the reader is ahead of a wrong code.</summary>
    private const int MostSearched = 1 << 16, MostBytesAhead = 16;

    /// <summary>Bytes of zero that are no accident: before the end of the image, and behind it.</summary>
    private const int ZerosInside = 64, ZerosBehind = 16;

    /// <summary>Most scans that are read: encoders write ten, and each takes time for all blocks however few its bytes.</summary>
    private const int MostScans = 100;

    private readonly ReadOnlySpan<byte> file;
    private readonly JpegFrame frame = new();
    private bool isDamaged;
    private int scans;

    private JpegScanChecker(ReadOnlySpan<byte> file) => this.file = file;

    /// <summary>Checks a JPEG file.</summary>
    public static JpegStatus Check(ReadOnlySpan<byte> file) => new JpegScanChecker(file).Run();

    private JpegStatus Run()
    {
        int at = 2;
        while (JpegMarkers.NextMarker(file, ref at, out byte marker))
        {
            if (marker == EndOfImage) return frame.IsWhole ? JpegStatus.Whole : JpegStatus.Damaged;
            if (marker == StartOfImage || JpegMarkers.HasNoLength(marker)) continue;
            if (at + 2 > file.Length) return JpegStatus.Cut;
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2 || at + length > file.Length) return JpegStatus.Cut;
            var body = file.Slice(at + 2, length - 2);
            at += length;
            bool isUsable = marker == StartOfScan ? CheckScan(body, ref at) : frame.ReadSegment(marker, body);
            if (isDamaged) return at >= file.Length ? JpegStatus.Cut : JpegStatus.Damaged;
            if (!isUsable) return JpegStatus.Unchecked;
        }

        return frame.IsWhole ? JpegStatus.WholeWithoutEnd : JpegStatus.Cut;
    }

    private bool CheckScan(ReadOnlySpan<byte> body, ref int at)
    {
        if (++scans > MostScans || frame.ReadScan(body) is not { } scan) return false;
        if (frame.IsProgressive && scan.First > 0 && scan.Components[0].NotZero is null)
        {
            var component = scan.Components[0];
            component.NotZero = new ulong[component.Stride * frame.McuRows * component.Down];
        }

        var bits = new JpegBitReader(file, at);
        scan.Restart();
        isDamaged = !ReadScanData(ref bits, scan);
        at = bits.Position;
        if (!isDamaged) foreach (var component in scan.Components) component.MarkRead(scan.First, scan.Last, scan.Low);
        return true;
    }

    /// <summary>Reads the blocks of a scan; false if it is damaged.</summary>
    private readonly bool ReadScanData(ref JpegBitReader bits, JpegScan scan)
    {
        bool isSingle = scan.Components.Length == 1;
        int columns = isSingle ? scan.Components[0].Columns : frame.McuColumns, rows = isSingle ? scan.Components[0].Rows : frame.McuRows;
        int untilRestart = frame.RestartInterval, restarts = 0, start = bits.Position;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (frame.RestartInterval > 0 && untilRestart-- == 0)
                {
                    if (!PassRestart(ref bits, scan, restarts++)) return false;
                    untilRestart = frame.RestartInterval - 1;
                }

                if (!ReadMcu(ref bits, scan, row, column)) return false;
            }

            if (bits.IsShort) return false;
        }

        return IsRestHarmless(ref bits, scan, start);
    }

    private readonly bool ReadMcu(ref JpegBitReader bits, JpegScan scan, int row, int column)
    {
        if (scan.Components.Length == 1)
        {
            var only = scan.Components[0];
            return frame.IsProgressive ? scan.ReadProgressive(ref bits, only, (row * only.Stride) + column)
                : JpegScan.ReadSequential(ref bits, only);
        }

        foreach (var component in scan.Components)
        {
            for (int block = component.Across * component.Down; block > 0; block--)
            {
                // Interleaved progressive scans have DC coefficients only, which need no index of their block.
                bool isPossible = frame.IsProgressive
                    ? scan.ReadProgressive(ref bits, component, 0)
                    : JpegScan.ReadSequential(ref bits, component);
                if (!isPossible) return false;
            }
        }

        return true;
    }

    /// <summary>Moves behind the restart marker that must follow here.</summary>
    private readonly bool PassRestart(ref JpegBitReader bits, JpegScan scan, int number)
    {
        if (bits.IsShort || !scan.IsBandEnded || bits.SkipRest().ContainsAnyExcept((byte)0, (byte)0xff)) return false;
        int at = bits.Position;
        while (at + 1 < file.Length && file[at + 1] == 0xff) at++; // fill bytes
        if (at + 1 >= file.Length || file[at + 1] != FirstRestart + (number & 7)) return false;
        bits.Restart(at + 2);
        scan.Restart();
        return true;
    }

    /// <summary>
    /// Decides what the bytes between the last block and the next marker are. Some cameras write bytes of no meaning before the end
    /// marker. Blocks that are complete to the last bit are the end of an image that lost blocks before. Zeros that begin well inside the
    /// image replaced its end.
    /// </summary>
    private readonly bool IsRestHarmless(ref JpegBitReader bits, JpegScan scan, int start)
    {
        if (!scan.IsBandEnded) return false;
        var rest = bits.SkipRest();
        if (rest.Length == 0) return true;
        int end = bits.Position, marker = end;
        if (!JpegMarkers.NextMarker(file, ref marker, out byte next) || next != EndOfImage)
        {
            return !rest.ContainsAnyExcept((byte)0, (byte)0xff);
        }

        if (rest.Length >= LeastLeftOver && HasManyValues(rest))
        {
            // After a damaged place, codes fall into step again, so the blocks may begin anywhere.
            if (frame.IsProgressive) return false;
            for (int at = end - Math.Min(rest.Length, MostSearched); at < end; at++)
            {
                if (file[at] == 0 && file[at - 1] == 0xff) continue;
                var from = new JpegBitReader(file, at);
                int mcus = CountBlocks(ref from, scan);
                if (mcus >= LeftOverMcus) return false;
                if (mcus < 0) at = Math.Max(at, from.Position - MostBytesAhead);
            }
        }

        if (rest.Length < ZerosBehind || rest.ContainsAnyExcept((byte)0)) return true;
        var inside = file[start..(end - rest.Length)];
        return inside.Length < ZerosInside || inside[^ZerosInside..].ContainsAnyExcept((byte)0);
    }

    /// <summary>Counts the MCUs from here to the end of the data; -1 if the data are not MCUs, complete to the last bit.</summary>
    private readonly int CountBlocks(ref JpegBitReader bits, JpegScan scan)
    {
        foreach (var component in scan.Components) component.MostDc = int.MaxValue; // only differences are known here
        for (int mcus = 0; ; mcus++)
        {
            bits.Fill();
            if (bits.IsAtEnd && bits.IsPaddedWithOnes) return mcus;
            if ((mcus & 15) == 0) scan.Restart();
            if (!ReadMcu(ref bits, scan, 0, 0) || bits.IsShort) return -1;
        }
    }

    /// <summary>Returns whether bytes vary as compressed data do; a text or a pattern does not.</summary>
    private static bool HasManyValues(ReadOnlySpan<byte> bytes)
    {
        Span<bool> seen = stackalloc bool[256];
        seen.Clear();
        int values = 0;
        foreach (byte value in bytes)
        {
            if (!seen[value]) values++;
            seen[value] = true;
        }

        return values >= 48;
    }
}
