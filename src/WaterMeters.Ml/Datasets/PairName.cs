using System.Text;

namespace WaterMeters.Ml.Datasets;

/// <summary>
/// The name that pairs a photo and its mask: the file name without extension. Compare it with <see cref="Comparer"/>. Unicode has two forms
/// of accented letters, and macOS and programs on it may change one into the other, so names are compared in one form (Unicode Standard
/// Annex 15, form C).
/// </summary>
internal static class PairName
{
    /// <summary>Compares names without upper and lower case.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    /// <summary>Returns the name of a file.</summary>
    public static string Of(string path) => Normalize(Path.GetFileNameWithoutExtension(path));

    /// <summary>Returns a name in form C; a name that is not valid Unicode stays as it is.</summary>
    public static string Normalize(string name)
    {
        try
        {
            return name.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return name;
        }
    }
}
