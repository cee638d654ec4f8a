using System.Globalization;
using System.Text;

namespace WaterMeters.PowerShell.Errors;

/// <summary>
/// Names that a native program wrote in one code page and PowerShell read in another, that of [Console]::OutputEncoding. On Windows they
/// differ often: consoles have the code page of the country, git and other programs write UTF-8.
/// </summary>
internal static class MisreadName
{
    private const int Utf8 = 65001;

    /// <summary>Explains why a path does not exist; null if its letters are not the reason.</summary>
    /// <param name="path">The path as it was read.</param>
    /// <param name="location">The folder of relative paths.</param>
    public static string? Explain(string path, string location)
    {
        if (Ascii.IsValid(path)) return null;
        var console = Console.OutputEncoding;
        if (path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return $"The path '{path}' has letters that could not be read: the program that wrote it does not use the code page of "
                + $"[Console]::OutputEncoding ({console.CodePage}). Set that to the code page of the program, such as "
                + "[Text.Encoding]::GetEncoding(850), and run both again.";
        }

        var culture = CultureInfo.CurrentCulture.TextInfo;
        foreach (int page in new[] { Utf8, culture.ANSICodePage, culture.OEMCodePage })
        {
            if (Reread(path, console, page) is not { } name || !Path.Exists(Path.Combine(location, name))) continue;
            return $"Nothing matches '{path}', but '{name}' exists: a program wrote the name in code page {page}, and PowerShell read it "
                + $"in {console.CodePage}. Run [Console]::OutputEncoding = [Text.Encoding]::GetEncoding({page}) first.";
        }

        return null;
    }

    /// <summary>Reads the bytes of a text again, in another code page; null if they were lost or mean nothing there.</summary>
    private static string? Reread(string text, Encoding encoding, int page)
    {
        try
        {
            byte[] bytes = Strict(encoding.CodePage).GetBytes(text);
            string other = Strict(page).GetString(bytes);
            return other == text ? null : other;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Encoding Strict(int page) =>
        Encoding.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
}
