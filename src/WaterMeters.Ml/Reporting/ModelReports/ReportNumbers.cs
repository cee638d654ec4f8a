using System.Globalization;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Numbers as reports show them, the same in every culture; what is not known is a dash.</summary>
internal static class ReportNumbers
{
    /// <summary>Stands where there is no number.</summary>
    public const string None = "–";

    /// <summary>A score from 0 to 1, or a p-value.</summary>
    public static string Score(double? value) => Text(value, "0.0000");

    /// <summary>A difference of scores.</summary>
    public static string Signed(double? value) => Text(value, "+0.0000;-0.0000;0.0000");

    /// <summary>Pixels.</summary>
    public static string Pixels(double? value) => Text(value, "0.0");

    /// <summary>A difference of pixels.</summary>
    public static string SignedPixels(double? value) => Text(value, "+0.0;-0.0;0.0");

    /// <summary>A rate or a limit, as short as it can be.</summary>
    public static string Plain(double? value) => Text(value, "0.######");

    /// <summary>A part of a whole in per cent.</summary>
    public static string Percent(double value) => Text(100 * value, "0.##") + "%";

    /// <summary>A count.</summary>
    public static string Count(long? value) => value?.ToString("#,##0", CultureInfo.InvariantCulture) ?? None;

    /// <summary>How long something took.</summary>
    public static string Time(TimeSpan? time) => time switch
    {
        null => None,
        { TotalMinutes: < 1 } t => Text(t.TotalSeconds, "0.0") + " s",
        { TotalHours: < 1 } t => Text(t.TotalMinutes, "0.0") + " min",
        { } t => Text(t.TotalHours, "0.0") + " h",
    };

    private static string Text(double? value, string format) => value is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : None;
}
