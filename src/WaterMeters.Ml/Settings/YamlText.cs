using WaterMeters.Ml.Foundation;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WaterMeters.Ml.Settings;

/// <summary>
/// Reads YAML files that are safe to load. The YAML library parses recursively, so deep nesting would overflow the stack and end the
/// process; aliases of aliases could expand without bound.
/// </summary>
internal static class YamlText
{
    private const int MaxBytes = 1 << 20, MaxDepth = 64;

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="InvalidDataException">It is larger or nested deeper than any settings file, or uses aliases.</exception>
    /// <exception cref="YamlException">It is not YAML.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(string path)
    {
        using var file = HeldFile.OpenRead(path);
        byte[] buffer = new byte[MaxBytes + 1];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (length > MaxBytes) throw new InvalidDataException($"It is larger than {MaxBytes} bytes.");
        using var reader = new StreamReader(new MemoryStream(buffer, 0, length));
        return Check(reader.ReadToEnd());
    }

    /// <summary>Returns a text that is safe to load; see <see cref="Read"/> for the exceptions.</summary>
    public static string Check(string text)
    {
        var parser = new Parser(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth) throw new InvalidDataException($"It is nested deeper than {MaxDepth} levels.");
            if (parser.Current is AnchorAlias) throw new InvalidDataException("It uses aliases (*name), which are not supported.");
        }

        return text;
    }
}
