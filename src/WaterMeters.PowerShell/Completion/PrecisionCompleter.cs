using WaterMeters.Ml.Runtime;

namespace WaterMeters.PowerShell.Completion;

/// <summary>Precisions: what this processor is fast at before what it is slow at.</summary>
internal sealed class PrecisionCompleter : ChoiceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Choices(string typed) =>
        from precision in Enum.GetValues<Precision>()
        orderby IsSlowHere(precision)
        select (precision.ToString(), Meaning(precision));

    private static bool IsSlowHere(Precision precision) => precision == Precision.BFloat16 && !ProcessorFeatures.HasBFloat16;

    private static string Meaning(Precision precision) => precision switch
    {
        Precision.Auto => $"The fastest that is sound on this processor: {(ProcessorFeatures.HasBFloat16 ? "BFloat16" : "Float32")}",
        Precision.Float32 => "32-bit floating point, on every processor",
        Precision.BFloat16 => ProcessorFeatures.HasBFloat16 ? "16-bit floating point: this processor has it" : "16-bit floating point: slower than Float32 on this processor, which lacks it",
        _ => precision.ToString(),
    };
}
