using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>
/// Digits, capitals and a few symbols as centre lines in a box of 10 x 16, so that samples do not depend on installed fonts. Use one
/// object per photo: Skia computes a path's bounds when it is first drawn, which is not thread-safe.
/// </summary>
internal sealed class DigitStrokes : IDisposable
{
    public const float BoxWidth = 10, BoxHeight = 16;

    private static readonly Dictionary<char, string> Forms = new()
    {
        ['0'] = "M5 1C8 1 9 4 9 8S8 15 5 15S1 12 1 8S2 1 5 1Z",
        ['1'] = "M2.4 4.2L5.6 1V15",
        ['2'] = "M1.4 4.6C1.8 2.2 3.3 1 5.1 1C7.5 1 8.8 2.7 8.8 4.8C8.8 8 4.6 10.6 1.3 15H9",
        ['3'] = "M1.5 1H8.5L4.8 6.4C7.5 6.3 9 8.4 9 10.7C9 13.4 7.2 15 5 15C3 15 1.6 14 1 12.2",
        ['4'] = "M7 15V1L1 11H9.4",
        ['5'] = "M8.5 1H2.3L1.7 7.3C2.7 6.5 3.8 6.1 5 6.1C7.5 6.1 9 8 9 10.5C9 13.2 7.3 15 4.9 15C3 15 1.6 14 1 12.3",
        ['6'] = "M8.3 3C7.5 1.7 6.4 1 5.1 1C2.5 1 1 4 1 9.4C1 13 2.5 15 5 15C7.4 15 9 13.2 9 10.6S7.4 6.4 5.2 6.4C3.2 6.4 1.5 7.8 1 10",
        ['7'] = "M1 1H9C6 5 4.5 9.5 4 15",
        ['8'] = "M5 7.5C3 7.5 1.7 6.2 1.7 4.3S3 1 5 1S8.3 2.3 8.3 4.3S7 7.5 5 7.5"
            + "C2.6 7.5 1 9 1 11.2S2.6 15 5 15S9 13.5 9 11.2S7.4 7.5 5 7.5Z",
        ['9'] = "M1.7 13C2.5 14.3 3.6 15 4.9 15C7.5 15 9 12 9 6.6C9 3 7.5 1 5 1C2.6 1 1 2.8 1 5.4S2.6 9.6 4.8 9.6C6.8 9.6 8.5 8.2 9 6",
        ['A'] = "M1 15L5 1L9 15M2.5 10H7.5",
        ['B'] = "M1.5 1V15H5.5C10 15 10 7.6 5.5 7.6H1.5M1.5 1H5C9 1 9 7.6 5 7.6",
        ['C'] = "M9 4C7.5 0 1 0 1 8S7.5 16 9 12",
        ['D'] = "M1.5 1V15H4C11 15 11 1 4 1Z",
        ['E'] = "M8.8 1H1.5V15H8.8M1.5 7.8H7.5",
        ['F'] = "M8.8 1H1.5V15M1.5 7.8H7.5",
        ['G'] = "M9 4C7.5 0 1 0 1 8S8 16.5 9 12V8.5H5.5",
        ['H'] = "M1.3 1V15M8.7 1V15M1.3 8H8.7",
        ['I'] = "M5 1V15",
        ['K'] = "M1.5 1V15M8.8 1L1.5 9M4 6.5L9 15",
        ['L'] = "M1.8 1V15H8.8",
        ['M'] = "M1 15V1L5 9L9 1V15",
        ['N'] = "M1.3 15V1L8.7 15V1",
        ['O'] = "M5 1C8 1 9.4 4 9.4 8S8 15 5 15S.6 12 .6 8S2 1 5 1Z",
        ['P'] = "M1.5 15V1H5.5C10 1 10 8.5 5.5 8.5H1.5",
        ['Q'] = "M5 1C8 1 9.4 4 9.4 8S8 15 5 15S.6 12 .6 8S2 1 5 1ZM6 12L9 15.6",
        ['R'] = "M1.5 15V1H5.5C10 1 10 8 5.5 8H1.5M5.5 8L9 15",
        ['S'] = "M8.7 3.6C7.5 .2 1.4 .2 1.4 4.4C1.4 8.4 9 7.2 9 11.4C9 15.8 2 16 1 12",
        ['T'] = "M.8 1H9.2M5 1V15",
        ['U'] = "M1.3 1V10C1.3 16.6 8.7 16.6 8.7 10V1",
        ['V'] = "M1 1L5 15L9 1",
        ['W'] = "M.4 1L2.8 15L5 5L7.2 15L9.6 1",
        ['X'] = "M1 1L9 15M9 1L1 15",
        ['Y'] = "M1 1L5 8L9 1M5 8V15",
        ['Z'] = "M1 1H9L1 15H9",
        ['m'] = "M1 15V6M1 8.5C2 5.5 5 5.5 5 8.5V15M5 8.5C6 5.5 9 5.5 9 8.5V15",
        ['n'] = "M2 15V6M2 9C3.5 5.4 8 5.4 8 9V15",
        ['h'] = "M2 15V1M2 9C3.5 5.4 8 5.4 8 9V15",
        ['x'] = "M2 6L8 15M8 6L2 15",
        ['\u00b3'] = "M1.5 1H5.5L3.4 3.6C7.2 4 6 8.6 1.5 7",
        ['\u00b0'] = "M3 1C6 1 6 5 3 5S0 1 3 1Z",
        ['.'] = "M5 14.2V15",
        ['-'] = "M2.5 8.5H7.5",
        ['/'] = "M1.5 16L8.5 0",
        ['='] = "M2 6.5H8M2 10.5H8",
        [':'] = "M5 5V5.8M5 12.2V13",
    };

    private readonly Dictionary<char, SKPath> parsed = [];

    /// <summary>Draws one symbol, centred on (x, y). <paramref name="weight"/> is the line width as a fraction of the height.</summary>
    public void Draw(SKCanvas canvas, char symbol, float x, float y, float width, float height, float weight, SKColor color)
    {
        if (Form(symbol) is not { } path) return;
        canvas.Save();
        canvas.Translate(x - width / 2, y - height / 2);
        canvas.Scale(width / BoxWidth, height / BoxHeight);
        canvas.Curve(path, color, weight * BoxHeight);
        canvas.Restore();
    }

    /// <summary>Draws a line of text, centred on (x, y); its width is <see cref="Width"/>.</summary>
    public void Write(SKCanvas canvas, string text, float x, float y, float height, float weight, SKColor color)
    {
        float advance = Advance(height);
        float left = x - advance * (text.Length - 1) / 2;
        for (int i = 0; i < text.Length; i++) Draw(canvas, text[i], left + i * advance, y, advance * 0.74f, height, weight, color);
    }

    public static float Width(string text, float height) => text.Length * Advance(height);

    public void Dispose()
    {
        foreach (SKPath path in parsed.Values) path.Dispose();
        parsed.Clear();
    }

    private static float Advance(float height) => height * 0.78f;

    private SKPath? Form(char symbol)
    {
        if (parsed.TryGetValue(symbol, out SKPath? path)) return path;
        if (!Forms.TryGetValue(symbol, out string? form)) return null;
        return parsed[symbol] = SKPath.ParseSvgPathData(form);
    }
}
