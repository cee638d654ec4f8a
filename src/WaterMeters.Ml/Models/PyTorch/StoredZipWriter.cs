using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>
/// Writes a zip as PyTorch does: uncompressed, with the bytes of each entry at a multiple of 64 so that tensors are aligned when the file
/// is mapped. It contains no time or machine name, so the same entries give the same bytes.
/// </summary>
internal sealed class StoredZipWriter(Stream stream)
{
    private const int Alignment = 64, LocalLength = 30, CentralLength = 46, EndLength = 22;

    // 1 January 1980, the earliest date in a zip.
    private const ushort Date = (1 << 5) | 1;

    // Names are UTF-8.
    private const ushort Flags = 1 << 11;

    private readonly MemoryStream directory = new();
    private long at;
    private ushort count;

    /// <summary>Writes an entry.</summary>
    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(name);
        uint crc = Crc32.HashToUInt32(bytes), header = checked((uint)at);

        // The extra field FB is PyTorch's padding.
        long unfilled = at + LocalLength + encoded.Length + 4;
        int filler = (int)((Alignment - (unfilled % Alignment)) % Alignment);
        Span<byte> local = stackalloc byte[LocalLength];
        local.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(local, 0x04034b50);
        WriteCommon(local[4..], crc, bytes.Length, encoded.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(local[28..], (ushort)(4 + filler));
        Write(local);
        Write(encoded);
        Write([(byte)'F', (byte)'B', (byte)filler, 0]);
        Write(Encoding.ASCII.GetBytes(new string('Z', filler)));
        Write(bytes);

        Span<byte> central = stackalloc byte[CentralLength];
        central.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(central, 0x02014b50);
        WriteCommon(central[6..], crc, bytes.Length, encoded.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(central[42..], header);
        directory.Write(central);
        directory.Write(encoded);
        count = checked((ushort)(count + 1));
    }

    /// <summary>Writes the directory after the entries.</summary>
    public void Finish()
    {
        Span<byte> end = stackalloc byte[EndLength];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], count);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], checked((uint)at));
        stream.Write(directory.GetBuffer().AsSpan(0, (int)directory.Length));
        stream.Write(end);
    }

    /// <summary>
    /// Writes the common fields of both headers of an entry: version needed, flags, method, time, date, checksum, sizes, name.
    /// </summary>
    private static void WriteCommon(Span<byte> header, uint crc, int length, int nameLength)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Date);
        BinaryPrimitives.WriteUInt32LittleEndian(header[10..], crc);
        BinaryPrimitives.WriteInt32LittleEndian(header[14..], length);
        BinaryPrimitives.WriteInt32LittleEndian(header[18..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)nameLength);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        at += bytes.Length;
    }
}
