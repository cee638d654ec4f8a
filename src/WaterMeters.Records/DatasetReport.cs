namespace WaterMeters;

/// <summary>Result of checking a data set.</summary>
public sealed record DatasetReport
{
    /// <summary>Pass when no finding is an error, otherwise Fail.</summary>
    public DatasetStatus Status { get; init; }

    /// <summary>Absolute path of the folder that was checked; several are separated by the platform's path separator.</summary>
    public required string DataPath { get; init; }

    /// <summary>Number of photos found.</summary>
    public int ImageCount { get; init; }

    /// <summary>Number of masks found.</summary>
    public int MaskCount { get; init; }

    /// <summary>Number of pairs of photo and mask without an error.</summary>
    public int ValidPairs { get; init; }

    /// <summary>Number of findings that are errors.</summary>
    public int ErrorCount { get; init; }

    /// <summary>Number of findings that are warnings.</summary>
    public int WarningCount { get; init; }

    /// <summary>All findings, ordered by pair name; as text, their counts.</summary>
    public required FindingList Findings { get; init; }

    /// <summary>Most frequent photo size, width x height in pixels, such as <c>1000x1333</c>; null without photos.</summary>
    public string? Resolution { get; init; }

    /// <summary>Median over the masks of the fraction that is foreground, 0..1; null without masks.</summary>
    public double? MedianCoverage { get; init; }

    /// <summary>Population standard deviation over the masks of the fraction that is foreground, 0..1; null without masks.</summary>
    public double? StdCoverage { get; init; }

    /// <summary>Absolute path of the report file that was written, the first of several; null when none was.</summary>
    public string? ReportPath { get; init; }

    /// <summary>Duration of the check.</summary>
    public TimeSpan Duration { get; init; }
}
