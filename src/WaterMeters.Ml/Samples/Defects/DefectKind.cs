using System.Text;
using WaterMeters.Ml.Datasets.Checks;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>A defect, the check that finds it, and the files that show it.</summary>
/// <param name="Defect">The defect.</param>
/// <param name="Check">The only check that finds it.</param>
/// <param name="Severity">Severity of the finding without -Strict.</param>
/// <param name="Files">Makes the files from a clean pair. The first is the one that the finding names.</param>
internal sealed record DefectKind(
    SampleDefect Defect, DatasetCheck Check, FindingSeverity Severity, Func<CleanPair, IReadOnlyList<DefectFile>> Files)
{
    /// <summary>Name of its files, easy to spot among others: <c>defect-mask-not-binary</c>.</summary>
    public string Name { get; } = FileName(Defect);

    private static string FileName(SampleDefect defect)
    {
        var name = new StringBuilder("defect");
        foreach (char letter in defect.ToString())
        {
            if (char.IsAsciiLetterUpper(letter)) name.Append('-');
            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }
}
