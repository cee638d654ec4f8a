using System.Buffers;
using System.Text;
using System.Text.Json;

namespace WaterMeters.Ops.Versioning.Contents;

/// <summary>
/// The listing of a folder, DVC's <c>.dir</c> object: JSON with the hash and the path of each file, ordered by path, with Python's
/// separators and everything outside of ASCII escaped. Its own hash is the version's.
/// </summary>
internal sealed class FolderListing
{
    private const string FirstPart = "{\"md5\": \"", SecondPart = "\", \"relpath\": \"", LastPart = "\"}";
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Creates the listing.</summary>
    /// <param name="entries">The files, each once, in any order.</param>
    public FolderListing(IEnumerable<FileEntry> entries)
    {
        FileEntry[] all = [.. entries];
        Array.Sort(all, (x, y) => CodePointOrder.Instance.Compare(x.Path, y.Path));
        Entries = all;
    }

    /// <summary>The files, ordered by the code points of their paths.</summary>
    public IReadOnlyList<FileEntry> Entries { get; }

    /// <summary>Reads an object.</summary>
    /// <param name="content">The object.</param>
    /// <param name="source">What it is, for the error.</param>
    /// <exception cref="DatasetVersionException">
    /// <see cref="DatasetVersionFault.Unusable"/>: it is not a listing, or has a path that may not be written.
    /// </exception>
    public static FolderListing Read(ReadOnlySpan<byte> content, string source)
    {
        var entries = new List<FileEntry>(content.Length / 80);
        try
        {
            var reader = new Utf8JsonReader(content);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw new JsonException("It is not a list.");
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) entries.Add(ReadEntry(ref reader));
            if (reader.TokenType != JsonTokenType.EndArray) throw new JsonException("The list does not end.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unusable(source, $"The listing '{source}' is not one of DVC: {e.Message.Split('.')[0]}. Publish the folder again.", e);
        }

        foreach (var entry in entries)
        {
            if (RelativePath.Refusal(entry.Path) is { } reason)
            {
                throw Unusable(source,
                    $"The listing '{source}' has the file '{entry.Path}', which {reason}. Nothing was written. "
                    + "Rename the file where the version was made, and publish it again.");
            }
        }

        var listing = new FolderListing(entries);
        for (int i = 1; i < listing.Entries.Count; i++)
        {
            if (listing.Entries[i].Path == listing.Entries[i - 1].Path)
            {
                throw Unusable(source,
                    $"The listing '{source}' has the file '{listing.Entries[i].Path}' twice. Publish the folder again.");
            }
        }

        if (RelativePath.FileWithFiles(listing.Entries) is { } folder)
        {
            throw Unusable(source, $"The listing '{source}' has '{folder}' as a file and as a folder. Publish the folder again.");
        }

        return listing;
    }

    /// <summary>Returns the object's bytes.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder(Entries.Count * 96 + 2).Append('[');
        Span<char> digits = stackalloc char[ContentHash.Digits];
        for (int i = 0; i < Entries.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Entries[i].Hash.Value.TryFormat(digits, out _, "x32", System.Globalization.CultureInfo.InvariantCulture);
            text.Append(FirstPart).Append(digits).Append(SecondPart);
            AppendEscaped(text, Entries[i].Path);
            text.Append(LastPart);
        }

        text.Append(']');
        byte[] bytes = new byte[text.Length];
        int at = 0;
        foreach (var chunk in text.GetChunks()) at += Encoding.ASCII.GetBytes(chunk.Span, bytes.AsSpan(at));
        return bytes;
    }

    private static FileEntry ReadEntry(ref Utf8JsonReader reader)
    {
        ContentHash? hash = null;
        string? path = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isHash = reader.ValueTextEquals("md5"u8), isPath = reader.ValueTextEquals("relpath"u8);
            reader.Read();
            if (isPath) path = reader.GetString();
            else if (isHash && ContentHash.TryParse(reader.GetString(), out var read)) hash = read;
            else reader.Skip();
        }

        return path is not null && hash is { } known ? new(path, known) : throw new JsonException("A file has no md5 or no relpath.");
    }

    private static void AppendEscaped(StringBuilder text, string path)
    {
        for (var rest = path.AsSpan(); ;)
        {
            int odd = rest.IndexOfAnyExcept(Plain);
            text.Append(odd < 0 ? rest : rest[..odd]);
            if (odd < 0) return;
            char c = rest[odd];
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\f' => text.Append("\\f"),
                '\b' => text.Append("\\b"),
                _ => text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
            rest = rest[(odd + 1)..];
        }
    }

    private static DatasetVersionException Unusable(string source, string message, Exception? inner = null) =>
        new(DatasetVersionFault.Unusable, source, message, inner);
}
