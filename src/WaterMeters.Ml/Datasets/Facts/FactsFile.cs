using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>
/// The file of one data set's facts: a heading, then blocks of some pairs, each packed on its own and with a checksum over all of it. It
/// is read and written block by block. Whatever is not as this build writes it, for this folder, is not there: what follows a damaged
/// block neither, for nothing says where it begins.
/// </summary>
internal static class FactsFile
{
    private const int PairsInBlock = 64, BlockHeading = 12, Checksum = 16;

    /// <summary>A block's bytes before it is packed, at most: names have up to 255 characters, everything else 2.3 kB.</summary>
    private const int MostBytes = PairsInBlock * 8 * 1024;

    /// <summary>Hardly less room than with the best, at a tenth of its time.</summary>
    private const int PackingQuality = 1, PackingWindow = 18;

    /// <summary>The name of a data set's file: digits of its absolute path.</summary>
    public static string NameOf(string dataPath) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataPath)).AsSpan(0, 20)) + Ending;

    /// <summary>How the names end.</summary>
    public const string Ending = ".facts";

    /// <summary>The pairs of a file, as far as it is sound; none when there is no such file.</summary>
    public static IEnumerable<CachedPair> Read(string path, string dataPath)
    {
        using var stream = TryOpen(path);
        if (stream is null) yield break;
        byte[] heading = Heading(dataPath), found = new byte[heading.Length];
        if (!TryFill(stream, found) || !found.AsSpan().SequenceEqual(heading)) yield break;
        byte[] room = new byte[MostBytes], packed = [];
        while (TryReadBlock(stream, ref packed, room) is { } pairs)
        {
            foreach (var pair in pairs) yield return pair;
        }
    }

    /// <summary>Writes a file as a whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static void Write(string path, string dataPath, IEnumerable<CachedPair> pairs) => AtomicFile.Write(path, stream =>
    {
        stream.Write(Heading(dataPath));
        using var block = new MemoryStream();
        using var writer = new BinaryWriter(block);
        byte[] packed = new byte[BlockHeading + BrotliEncoder.GetMaxCompressedLength(MostBytes) + Checksum];
        foreach (var some in pairs.Chunk(PairsInBlock))
        {
            block.SetLength(0);
            foreach (var pair in some) pair.Write(writer);
            writer.Flush();
            var raw = block.GetBuffer().AsSpan(0, (int)block.Length);
            // A file system with longer names than any: such pairs are looked at again.
            if (raw.Length > MostBytes || !BrotliEncoder.TryCompress(raw, packed.AsSpan(BlockHeading..^Checksum), out int length, PackingQuality, PackingWindow)) continue;
            BinaryPrimitives.WriteInt32LittleEndian(packed, length);
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(4), raw.Length);
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(8), some.Length);
            int end = BlockHeading + length;
            SHA256.HashData(packed.AsSpan(0, end)).AsSpan(0, Checksum).CopyTo(packed.AsSpan(end));
            stream.Write(packed.AsSpan(0, end + Checksum));
        }
    });

    /// <summary>What this build measures, of which folder: another build may measure otherwise, or decode otherwise.</summary>
    private static byte[] Heading(string dataPath)
    {
        byte[] builds = [.. typeof(FactsFile).Module.ModuleVersionId.ToByteArray(), .. typeof(SkiaSharp.SKCodec).Module.ModuleVersionId.ToByteArray()];
        return [.. "WMSFACTS"u8, .. builds, .. SHA256.HashData(Encoding.UTF8.GetBytes(dataPath))];
    }

    private static List<CachedPair>? TryReadBlock(Stream stream, ref byte[] packed, byte[] room)
    {
        Span<byte> heading = stackalloc byte[BlockHeading];
        if (!TryFill(stream, heading)) return null;
        int length = BinaryPrimitives.ReadInt32LittleEndian(heading), bytes = BinaryPrimitives.ReadInt32LittleEndian(heading[4..]), count = BinaryPrimitives.ReadInt32LittleEndian(heading[8..]);
        if (length < 1 || length > BrotliEncoder.GetMaxCompressedLength(MostBytes) || bytes < 1 || bytes > MostBytes || count is < 1 or > PairsInBlock) return null;
        int end = BlockHeading + length;
        if (packed.Length < end + Checksum) packed = new byte[end + Checksum];
        heading.CopyTo(packed);
        if (!TryFill(stream, packed.AsSpan(BlockHeading, length + Checksum))) return null;
        if (!SHA256.HashData(packed.AsSpan(0, end)).AsSpan(0, Checksum).SequenceEqual(packed.AsSpan(end, Checksum))) return null;
        if (!BrotliDecoder.TryDecompress(packed.AsSpan(BlockHeading, length), room.AsSpan(0, bytes), out int written) || written != bytes) return null;
        return Pairs(room, bytes, count);
    }

    private static List<CachedPair>? Pairs(byte[] room, int bytes, int count)
    {
        var pairs = new List<CachedPair>(count);
        try
        {
            using var reader = new BinaryReader(new MemoryStream(room, 0, bytes, writable: false));
            for (int i = 0; i < count; i++) pairs.Add(CachedPair.Read(reader));
            return pairs;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            // Another process may move a new file over it meanwhile.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool TryFill(Stream stream, Span<byte> bytes)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
