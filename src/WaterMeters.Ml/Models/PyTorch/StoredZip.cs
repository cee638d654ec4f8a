using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>
/// Reads zips as PyTorch writes them: uncompressed, so tensors are read in place and no entry expands beyond the file. The layout is
/// that of PKWARE's APPNOTE 6.3, including zip64. Compressed, encrypted, overlapping and duplicate entries are refused, and so is a
/// directory that contradicts the headers next to the data, which two readers would read as two different files.
/// </summary>
internal sealed class StoredZip
{
    private const int MaxDirectory = 1 << 20, MaxEntries = 10_000;
    private const int EndLength = 22, End64Length = 56, LocatorLength = 20, LocalLength = 30, CentralLength = 46;
    private const uint LocalSignature = 0x04034b50, CentralSignature = 0x02014b50, EndSignature = 0x06054b50,
        End64Signature = 0x06064b50, LocatorSignature = 0x07064b50;

    private readonly BinaryFile file;
    private readonly Dictionary<string, StoredZipEntry> entries = new(StringComparer.Ordinal);

    /// <summary>Reads the directory.</summary>
    public StoredZip(BinaryFile file)
    {
        this.file = file;
        var (offset, length, count) = Directory(file);
        if (count > MaxEntries)
        {
            throw new InvalidDataException($"its zip directory claims {count} entries; at most {MaxEntries} are supported");
        }

        byte[] directory = file.Read(offset, length, MaxDirectory, "its zip directory");
        var found = new List<StoredZipEntry>();
        int at = 0;
        for (ulong i = 0; i < count; i++) found.Add(Entry(directory, ref at, offset));
        if (at != directory.Length) throw new InvalidDataException("its zip directory is longer than its entries");

        long free = 0;
        foreach (var entry in found.OrderBy(e => e.Offset).ThenBy(e => e.Length))
        {
            if (entry.Offset < free)
            {
                throw new InvalidDataException($"the zip entry '{ModelRefusedException.ForMessage(entry.Name)}' overlaps another");
            }

            free = entry.Offset + entry.Length;
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw new InvalidDataException($"the zip contains '{ModelRefusedException.ForMessage(entry.Name)}' twice");
            }
        }
    }

    /// <summary>Returns the names in the directory, without a check of what they name, to tell what a zip is.</summary>
    public static IReadOnlyList<string> Names(BinaryFile file)
    {
        var (offset, length, _) = Directory(file);
        byte[] directory = file.Read(offset, length, MaxDirectory, "its zip directory");
        var names = new List<string>();
        for (int at = 0; at <= directory.Length - CentralLength && UInt32(directory, at) == CentralSignature && names.Count < MaxEntries;)
        {
            int nameLength = Math.Min(UInt16(directory, at + 28), directory.Length - at - CentralLength);
            names.Add(Encoding.UTF8.GetString(directory, at + CentralLength, nameLength));
            at += CentralLength + nameLength + UInt16(directory, at + 30) + UInt16(directory, at + 32);
        }

        return names;
    }

    /// <summary>Returns whether a file starts like a zip.</summary>
    public static bool HasSignature(BinaryFile file)
    {
        if (file.Length < EndLength) return false;
        Span<byte> first = stackalloc byte[4];
        file.Read(0, first);
        return UInt32(first, 0) is LocalSignature or EndSignature;
    }

    /// <summary>Finds the folder of all entries, with its slash: the path of the only entry with this suffix, without the suffix.</summary>
    /// <param name="suffix">The end of the entry's name.</param>
    /// <param name="what">The expected file format, for the error.</param>
    public string Prefix(string suffix, string what)
    {
        string[] names = [.. entries.Keys.Where(n => n == suffix || n.EndsWith("/" + suffix, StringComparison.Ordinal)).Take(2)];
        if (names.Length != 1)
        {
            string found = names.Length == 0 ? "none" : "several";
            throw new InvalidDataException($"its zip must contain one '{suffix}' and contains {found}, so it is not a {what} file");
        }

        return names[0][..^suffix.Length];
    }

    /// <summary>Finds an entry by its full name; null when there is none.</summary>
    public StoredZipEntry? Find(string name) => entries.GetValueOrDefault(name);

    /// <summary>Reads all bytes of an entry and checks their checksum.</summary>
    public byte[] Read(StoredZipEntry entry, int maxLength)
    {
        byte[] bytes = file.Read(entry.Offset, entry.Length, maxLength, $"the zip entry '{ModelRefusedException.ForMessage(entry.Name)}'");
        Compare(entry, Crc32.HashToUInt32(bytes));
        return bytes;
    }

    /// <summary>Checks the bytes of an entry against its checksum, once.</summary>
    public void Verify(StoredZipEntry entry)
    {
        if (entry.Verified || entry.Checksum == 0) return;
        var crc = new Crc32();
        file.Scan(entry.Offset, entry.Length, crc.Append);
        Compare(entry, crc.GetCurrentHashAsUInt32());
    }

    // PyTorch has a setting to skip checksums; then it writes 0.
    private static void Compare(StoredZipEntry entry, uint found)
    {
        if (entry.Checksum != 0 && found != entry.Checksum)
        {
            throw new InvalidDataException($"the bytes of '{ModelRefusedException.ForMessage(entry.Name)}' do not match their checksum");
        }

        entry.Verified = true;
    }

    private static (long Offset, long Length, ulong Count) Directory(BinaryFile file)
    {
        // Only a comment of up to 65,535 bytes may follow the end record.
        int tailLength = (int)Math.Min(file.Length, EndLength + ushort.MaxValue);
        var tail = new byte[tailLength];
        file.Read(file.Length - tailLength, tail);
        int at = tailLength - EndLength;
        while (at >= 0 && (UInt32(tail, at) != EndSignature || at + EndLength + UInt16(tail, at + 20) != tailLength)) at--;
        if (at < 0) throw new InvalidDataException("its zip has no end record, as after an interrupted copy");

        long end = file.Length - tailLength + at;
        uint disks = UInt32(tail, at + 4);
        ulong onDisk = UInt16(tail, at + 8), count = UInt16(tail, at + 10), length = UInt32(tail, at + 12), offset = UInt32(tail, at + 16);
        var wide = new byte[End64Length];
        if (end >= LocatorLength)
        {
            file.Read(end - LocatorLength, wide.AsSpan(0, LocatorLength));
            if (UInt32(wide, 0) == LocatorSignature)
            {
                ulong position = UInt64(wide, 8);
                if (position > (ulong)end) throw new InvalidDataException("its zip64 end record is outside of the file");
                file.Read((long)position, wide);
                if (UInt32(wide, 0) != End64Signature) throw new InvalidDataException("its zip64 end record is not where its locator says");
                (disks, end) = (UInt32(wide, 16) | UInt32(wide, 20), (long)position);
                (onDisk, count, length, offset) = (UInt64(wide, 24), UInt64(wide, 32), UInt64(wide, 40), UInt64(wide, 48));
            }
        }

        if (disks != 0 || onDisk != count) throw new InvalidDataException("its zip is in several parts");
        if (offset > (ulong)end || length > (ulong)end - offset)
        {
            throw new InvalidDataException($"its zip directory, {length} bytes at {offset}, is beyond its length of {file.Length} bytes");
        }

        // Some readers use the stated offset of the directory, others the bytes before the end record.
        if (offset + length != (ulong)end)
        {
            throw new InvalidDataException($"its zip directory, {length} bytes at {offset}, does not end where its end record begins");
        }

        return ((long)offset, (long)length, count);
    }

    private StoredZipEntry Entry(byte[] directory, ref int at, long dataEnd)
    {
        if (at > directory.Length - CentralLength || UInt32(directory, at) != CentralSignature)
        {
            throw new InvalidDataException("its zip directory is cut off");
        }

        var record = directory.AsSpan(at);
        int nameLength = UInt16(record, 28), extraLength = UInt16(record, 30), commentLength = UInt16(record, 32);
        int recordLength = CentralLength + nameLength + extraLength + commentLength;
        if (recordLength > record.Length) throw new InvalidDataException("its zip directory is cut off");
        string name = Encoding.UTF8.GetString(record.Slice(CentralLength, nameLength));
        ulong packed = UInt32(record, 20), length = UInt32(record, 24), header = UInt32(record, 42);
        Widen(record.Slice(CentralLength + nameLength, extraLength), ref length, ref packed, ref header);
        at += recordLength;

        string shown = ModelRefusedException.ForMessage(name);
        if ((UInt16(record, 8) & 1) != 0)
        {
            throw new ModelRefusedException($"its zip entry '{shown}' is encrypted. Pack it again without a password.");
        }

        if (UInt16(record, 10) != 0)
        {
            throw new ModelRefusedException(
                $"its zip entry '{shown}' is compressed (method {UInt16(record, 10)}), unlike any model file of PyTorch. " +
                "If it is an archive with a model in it, unpack it and pass that file; otherwise save the model again.");
        }

        if (packed != length) throw new InvalidDataException($"the zip entry '{shown}' claims {length} bytes out of {packed}");
        if (header > (ulong)dataEnd - LocalLength || dataEnd < LocalLength)
        {
            throw new InvalidDataException($"the zip entry '{shown}' is outside of the file");
        }

        // The directory decides; the header next to the data is only used for their offset. (PyTorch writes sizes of 0 there.)
        Span<byte> local = stackalloc byte[LocalLength];
        file.Read((long)header, local);
        long begin = (long)header + LocalLength + UInt16(local, 26) + UInt16(local, 28);
        bool consistent = UInt32(local, 0) == LocalSignature && UInt16(local, 8) == 0 && UInt16(local, 26) == nameLength;
        if (!consistent || begin > dataEnd || length > (ulong)(dataEnd - begin))
        {
            throw new InvalidDataException($"the zip entry '{shown}' is not where the directory says, or is cut off");
        }

        return new StoredZipEntry(name, begin, (long)length, UInt32(record, 16));
    }

    /// <summary>Reads the numbers that do not fit 32 bits from the extra field 1, which has only those, in this order.</summary>
    private static void Widen(ReadOnlySpan<byte> extra, ref ulong length, ref ulong packed, ref ulong header)
    {
        while (extra.Length >= 4)
        {
            int size = UInt16(extra, 2);
            if (size > extra.Length - 4) return;
            if (UInt16(extra, 0) == 1)
            {
                var field = extra.Slice(4, size);
                Take(ref field, ref length);
                Take(ref field, ref packed);
                Take(ref field, ref header);
                return;
            }

            extra = extra[(4 + size)..];
        }

        static void Take(ref ReadOnlySpan<byte> field, ref ulong number)
        {
            if (number != uint.MaxValue || field.Length < 8) return;
            number = UInt64(field, 0);
            field = field[8..];
        }
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong UInt64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}

/// <summary>An uncompressed file in a zip.</summary>
/// <param name="Name">Its path in the zip, with slashes.</param>
/// <param name="Offset">The offset of its bytes in the zip.</param>
/// <param name="Length">Its length, bytes.</param>
/// <param name="Checksum">Its CRC-32; 0 when the writer computed none.</param>
internal sealed record StoredZipEntry(string Name, long Offset, long Length, uint Checksum)
{
    /// <summary>Whether the bytes have been checked against the checksum.</summary>
    public bool Verified { get; set; }
}
