using System.Text;
using WaterMeters.Ml.Datasets.Checks;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>A fault, the check that finds it, and the files it is planted by.</summary>
/// <param name="Defect">The fault.</param>
/// <param name="Check">The check that finds it, and the only one.</param>
/// <param name="Severity">How that check weighs it when not strict.</param>
/// <param name="Files">Makes the files out of a sound pair. The first is the one the check names.</param>
internal sealed record DefectKind(SampleDefect Defect, DatasetCheck Check, FindingSeverity Severity, Func<DefectDraft, IReadOnlyList<DefectFile>> Files)
{
    /// <summary>Name of its files, which a person sees among the others: <c>defect-mask-not-binary</c>.</summary>
    public string Name { get; } = NameOf(Defect);

    private static string NameOf(SampleDefect defect)
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
