using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>
/// A zip as PyTorch writes them: nothing compressed, so a tensor is read from where it lies and no entry unpacks to more than
/// the file. The layout is that of PKWARE's APPNOTE 6.3, zip64 included. Compressed, encrypted, overlapping and doubly named
/// entries are refused, and so is a directory whose numbers differ from those beside the data: two readers would see two files.
/// </summary>
internal sealed class StoredZip
{
    private const int MaxDirectory = 1 << 20, MaxEntries = 10_000, EndLength = 22, End64Length = 56, LocatorLength = 20, LocalLength = 30, CentralLength = 46;
    private const uint LocalSignature = 0x04034b50, CentralSignature = 0x02014b50, EndSignature = 0x06054b50, End64Signature = 0x06064b50, LocatorSignature = 0x07064b50;

    private readonly BinaryFile file;
    private readonly Dictionary<string, StoredZipEntry> entries = new(StringComparer.Ordinal);

    /// <summary>Reads the directory.</summary>
    public StoredZip(BinaryFile file)
    {
        this.file = file;
        var (offset, length, count) = Directory();
        if (count > MaxEntries) throw new InvalidDataException($"its zip directory claims {count} entries; this reader takes {MaxEntries}");
        byte[] directory = file.Read(offset, length, MaxDirectory, "its zip directory");
        var found = new List<StoredZipEntry>();
        int at = 0;
        for (ulong i = 0; i < count; i++) found.Add(Entry(directory, ref at, offset));
        if (at != directory.Length) throw new InvalidDataException("its zip directory is longer than its entries");

        long free = 0;
        foreach (var entry in found.OrderBy(e => e.Offset).ThenBy(e => e.Length))
        {
            if (entry.Offset < free) throw new InvalidDataException($"the zip entry '{ModelRefusedException.Shown(entry.Name)}' overlaps another");
            free = entry.Offset + entry.Length;
            if (!entries.TryAdd(entry.Name, entry)) throw new InvalidDataException($"the zip holds '{ModelRefusedException.Shown(entry.Name)}' twice");
        }
    }

    /// <summary>Whether a file begins as a zip does.</summary>
    public static bool Begins(BinaryFile file)
    {
        if (file.Length < EndLength) return false;
        Span<byte> first = stackalloc byte[4];
        file.Read(0, first);
        return UInt32(first, 0) is LocalSignature or EndSignature;
    }

    /// <summary>What the names of all entries begin with up to and including the slash; the entry that ends as given says which.</summary>
    public string Prefix(string suffix, string what)
    {
        string[] names = [.. entries.Keys.Where(n => n == suffix || n.EndsWith("/" + suffix, StringComparison.Ordinal)).Take(2)];
        if (names.Length != 1) throw new InvalidDataException($"its zip must hold one '{suffix}' and holds {(names.Length == 0 ? "none" : "several")}, so it is no {what}");
        return names[0][..^suffix.Length];
    }

    /// <summary>An entry by its whole name; null when there is none.</summary>
    public StoredZipEntry? Find(string name) => entries.GetValueOrDefault(name);

    /// <summary>All bytes of an entry, held against its checksum.</summary>
    public byte[] Read(StoredZipEntry entry, int most)
    {
        byte[] bytes = file.Read(entry.Offset, entry.Length, most, $"the zip entry '{ModelRefusedException.Shown(entry.Name)}'");
        Compare(entry, Crc32.HashToUInt32(bytes));
        return bytes;
    }

    /// <summary>Holds the bytes of an entry against its checksum, once.</summary>
    public void Verify(StoredZipEntry entry)
    {
        if (entry.Verified || entry.Checksum == 0) return;
        var crc = new Crc32();
        file.Scan(entry.Offset, entry.Length, crc.Append);
        Compare(entry, crc.GetCurrentHashAsUInt32());
    }

    // PyTorch can be told to compute no checksums; it writes 0 then.
    private static void Compare(StoredZipEntry entry, uint found)
    {
        if (entry.Checksum != 0 && found != entry.Checksum) throw new InvalidDataException($"the bytes of '{ModelRefusedException.Shown(entry.Name)}' do not fit their checksum");
        entry.Verified = true;
    }

    private (long Offset, long Length, ulong Count) Directory()
    {
        // Behind the end record may stand a comment of up to 65,535 bytes, and nothing else.
        int tailLength = (int)Math.Min(file.Length, EndLength + ushort.MaxValue);
        var tail = new byte[tailLength];
        file.Read(file.Length - tailLength, tail);
        int at = tailLength - EndLength;
        while (at >= 0 && (UInt32(tail, at) != EndSignature || at + EndLength + UInt16(tail, at + 20) != tailLength)) at--;
        if (at < 0) throw new InvalidDataException("its zip has no end record, as after a broken copy");

        long end = file.Length - tailLength + at;
        uint disks = UInt32(tail, at + 4);
        ulong onDisk = UInt16(tail, at + 8), count = UInt16(tail, at + 10), length = UInt32(tail, at + 12), offset = UInt32(tail, at + 16);
        var wide = new byte[End64Length];
        if (end >= LocatorLength)
        {
            file.Read(end - LocatorLength, wide.AsSpan(0, LocatorLength));
            if (UInt32(wide, 0) == LocatorSignature)
            {
                ulong place = UInt64(wide, 8);
                if (place > (ulong)end) throw new InvalidDataException("its zip64 end record lies outside of it");
                file.Read((long)place, wide);
                if (UInt32(wide, 0) != End64Signature) throw new InvalidDataException("its zip64 end record is not where its locator says");
                (disks, end) = (UInt32(wide, 16) | UInt32(wide, 20), (long)place);
                (onDisk, count, length, offset) = (UInt64(wide, 24), UInt64(wide, 32), UInt64(wide, 40), UInt64(wide, 48));
            }
        }

        if (disks != 0 || onDisk != count) throw new InvalidDataException("its zip is in several parts");
        if (offset > (ulong)end || length > (ulong)end - offset) throw new InvalidDataException($"its zip directory, {length} bytes at {offset}, lies outside of its {file.Length} bytes");

        // Some readers take the directory from where it is said to begin, others the bytes before the end record.
        if (offset + length != (ulong)end) throw new InvalidDataException($"its zip directory, {length} bytes at {offset}, does not end where its end record begins");
        return ((long)offset, (long)length, count);
    }

    private StoredZipEntry Entry(byte[] directory, ref int at, long dataEnd)
    {
        if (at > directory.Length - CentralLength || UInt32(directory, at) != CentralSignature) throw new InvalidDataException("its zip directory is cut off");
        var record = directory.AsSpan(at);
        int nameLength = UInt16(record, 28), extraLength = UInt16(record, 30), whole = CentralLength + nameLength + extraLength + UInt16(record, 32);
        if (whole > record.Length) throw new InvalidDataException("its zip directory is cut off");
        string name = Encoding.UTF8.GetString(record.Slice(CentralLength, nameLength));
        ulong packed = UInt32(record, 20), length = UInt32(record, 24), header = UInt32(record, 42);
        Widen(record.Slice(CentralLength + nameLength, extraLength), ref length, ref packed, ref header);
        at += whole;

        string shown = ModelRefusedException.Shown(name);
        if ((UInt16(record, 8) & 1) != 0) throw new ModelRefusedException($"its zip entry '{shown}' is encrypted. Pack it again without a password.");
        if (UInt16(record, 10) != 0) throw new ModelRefusedException($"its zip entry '{shown}' is compressed (method {UInt16(record, 10)}), which no model file of PyTorch's is. Save the model again, or pack it again without compression.");
        if (packed != length) throw new InvalidDataException($"the zip entry '{shown}' claims {length} bytes out of {packed}");
        if (header > (ulong)dataEnd - LocalLength || dataEnd < LocalLength) throw new InvalidDataException($"the zip entry '{shown}' lies outside of the file");

        // The directory decides; the header beside the data only says where they begin. (PyTorch writes its sizes as 0 there.)
        Span<byte> local = stackalloc byte[LocalLength];
        file.Read((long)header, local);
        long begin = (long)header + LocalLength + UInt16(local, 26) + UInt16(local, 28);
        if (UInt32(local, 0) != LocalSignature || UInt16(local, 8) != 0 || UInt16(local, 26) != nameLength || begin > dataEnd || length > (ulong)(dataEnd - begin))
        {
            throw new InvalidDataException($"the zip entry '{shown}' is not where the directory says, or is cut off");
        }

        return new StoredZipEntry(name, begin, (long)length, UInt32(record, 16));
    }

    /// <summary>Numbers that do not fit 32 bits stand in the extra field 1, in this order and only those.</summary>
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
