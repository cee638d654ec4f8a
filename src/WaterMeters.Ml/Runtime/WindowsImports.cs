using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// What a library of Windows is linked to, read from its file; nothing is loaded. Layout: Microsoft's PE Format, "The .idata Section".
/// </summary>
internal static class WindowsImports
{
    private const int EntryLength = 20, NameField = 12, LongestName = 260;

    /// <summary>Returns the names of the libraries that <paramref name="file"/> imports, as they are written there.</summary>
    /// <exception cref="BadImageFormatException">It is not a library of Windows, or its tables reach beyond its end.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<string> Of(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var headers = new PEHeaders(stream);
        var table = Header(headers).ImportTableDirectory;
        if (table.RelativeVirtualAddress == 0) return [];

        var names = new List<string>();
        byte[] entry = new byte[EntryLength];
        for (int at = table.RelativeVirtualAddress; ; at += EntryLength)
        {
            Read(stream, headers, at, entry);
            int name = BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(NameField));
            if (name == 0) return names;
            names.Add(Name(stream, headers, name));
        }
    }

    /// <summary>Returns the version of the Visual C++ tools that made a library, such as 14.42.</summary>
    /// <exception cref="BadImageFormatException">It is not a library of Windows.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Version Tools(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var header = Header(new PEHeaders(stream));
        return new Version(header.MajorLinkerVersion, header.MinorLinkerVersion);
    }

    private static PEHeader Header(PEHeaders headers) =>
        headers.PEHeader ?? throw new BadImageFormatException("This is not a library of Windows.");

    private static string Name(FileStream stream, PEHeaders headers, int address)
    {
        byte[] text = new byte[LongestName];
        int length = Read(stream, headers, address, text, atLeast: 1);
        int end = Array.IndexOf(text, (byte)0, 0, length);
        return end > 0 ? Encoding.ASCII.GetString(text, 0, end) : throw new BadImageFormatException("The name of an import has no end.");
    }

    private static void Read(FileStream stream, PEHeaders headers, int address, byte[] into) =>
        Read(stream, headers, address, into, into.Length);

    private static int Read(FileStream stream, PEHeaders headers, int address, byte[] into, int atLeast)
    {
        int index = headers.GetContainingSectionIndex(address);
        if (index < 0) throw new BadImageFormatException("A table of imports lies outside of the file.");
        var section = headers.SectionHeaders[index];
        stream.Position = (long)section.PointerToRawData + address - section.VirtualAddress;
        int length = stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        return length >= atLeast ? length : throw new BadImageFormatException("A table of imports reaches beyond the end of the file.");
    }
}
