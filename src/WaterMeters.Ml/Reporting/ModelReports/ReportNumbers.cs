using System.Globalization;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Formats numbers of reports, the same in every culture; unknown values become a dash.</summary>
internal static class ReportNumbers
{
    /// <summary>Text for an unknown value.</summary>
    public const string None = "–";

    /// <summary>Formats a score from 0 to 1, or a p-value.</summary>
    public static string Score(double? value) => Text(value, "0.0000");

    /// <summary>Formats a difference of scores.</summary>
    public static string Signed(double? value) => Text(value, "+0.0000;-0.0000;0.0000");

    /// <summary>Formats a distance in pixels.</summary>
    public static string Pixels(double? value) => Text(value, "0.0");

    /// <summary>Formats a difference of distances in pixels.</summary>
    public static string SignedPixels(double? value) => Text(value, "+0.0;-0.0;0.0");

    /// <summary>Formats a rate or a limit without trailing zeros.</summary>
    public static string Plain(double? value) => Text(value, "0.######");

    /// <summary>Formats a fraction as a percentage.</summary>
    public static string Percent(double value) => Text(100 * value, "0.##") + "%";

    /// <summary>Formats a count.</summary>
    public static string Count(long? value) => value?.ToString("#,##0", CultureInfo.InvariantCulture) ?? None;

    /// <summary>Formats a duration.</summary>
    public static string Time(TimeSpan? time) => time switch
    {
        null => None,
        { TotalMinutes: < 1 } t => Text(t.TotalSeconds, "0.0") + " s",
        { TotalHours: < 1 } t => Text(t.TotalMinutes, "0.0") + " min",
        { } t => Text(t.TotalHours, "0.0") + " h",
    };

    private static string Text(double? value, string format) =>
        value is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : None;
}
