using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WaterMeters.Ml.Settings;

/// <summary>
/// The text of a YAML file that can be loaded. The library goes down into it by recursion, and the stack's end is the process's; a
/// list of references to lists of references has as many ways through it as it likes.
/// </summary>
internal static class YamlText
{
    private const int MaxBytes = 1 << 20, MaxDepth = 64;

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="InvalidDataException">It is longer or nested deeper than any file of settings, or refers to parts of itself.</exception>
    /// <exception cref="YamlException">It is no YAML.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(string path)
    {
        using var file = File.OpenRead(path);
        byte[] buffer = new byte[MaxBytes + 1];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (length > MaxBytes) throw new InvalidDataException($"It has more than {MaxBytes} bytes.");
        using var reader = new StreamReader(new MemoryStream(buffer, 0, length));
        string text = reader.ReadToEnd();
        var parser = new Parser(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth) throw new InvalidDataException($"It is nested deeper than {MaxDepth}.");
            if (parser.Current is AnchorAlias) throw new InvalidDataException("It refers to parts of itself (*name), which is not followed here.");
        }

        return text;
    }
}
