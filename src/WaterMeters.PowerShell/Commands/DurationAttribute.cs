using System.Globalization;
using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>Converts 2h, 90m, 45s or 1d to a time span. A bare number is refused: PowerShell takes '2' for days and 2 for ticks.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        switch (value)
        {
            case TimeSpan span:
                return Positive(span, span.ToString());
            case string text when text.Trim() is { Length: > 1 } trimmed
                && double.TryParse(trimmed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number):
                return char.ToLowerInvariant(trimmed[^1]) switch
                {
                    's' => Positive(TimeSpan.FromSeconds(number), text),
                    'm' => Positive(TimeSpan.FromMinutes(number), text),
                    'h' => Positive(TimeSpan.FromHours(number), text),
                    'd' => Positive(TimeSpan.FromDays(number), text),
                    _ => throw Refusal(text),
                };
            case string text when text.Contains(':', StringComparison.Ordinal)
                && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span):
                return Positive(span, text);
            default:
                throw Refusal($"{value}");
        }
    }

    private static TimeSpan Positive(TimeSpan span, string text) =>
        span > TimeSpan.Zero && span <= TimeSpan.FromDays(31) ? span : throw Refusal(text);

    private static ArgumentTransformationMetadataException Refusal(string text) =>
        new($"'{text}' is not a time of at most 31 days. Write it with its unit, such as 2h, 90m or 02:30:00.");
}
