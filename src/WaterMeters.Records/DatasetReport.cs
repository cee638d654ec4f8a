namespace WaterMeters;

/// <summary>What a check of a data set found.</summary>
public sealed record DatasetReport
{
    /// <summary>Pass when no finding is an error.</summary>
    public DatasetStatus Status { get; init; }

    /// <summary>The folder that was checked; several are separated by the platform's path separator.</summary>
    public required string DataPath { get; init; }

    /// <summary>Photos found.</summary>
    public int ImageCount { get; init; }

    /// <summary>Masks found.</summary>
    public int MaskCount { get; init; }

    /// <summary>Pairs of photo and mask without an error.</summary>
    public int ValidPairs { get; init; }

    /// <summary>Findings that are errors.</summary>
    public int ErrorCount { get; init; }

    /// <summary>Findings that are warnings.</summary>
    public int WarningCount { get; init; }

    /// <summary>All findings, in the order of the names; prints as their counts.</summary>
    public required FindingList Findings { get; init; }

    /// <summary>The most frequent photo size, as <c>1000x1333</c>.</summary>
    public string? Resolution { get; init; }

    /// <summary>Median over the masks of the fraction that is meter, 0..1.</summary>
    public double MedianCoverage { get; init; }

    /// <summary>Standard deviation of that fraction over the masks (population).</summary>
    public double StdCoverage { get; init; }

    /// <summary>The report file that was written; of several the first.</summary>
    public string? ReportPath { get; init; }

    /// <summary>How long the check took.</summary>
    public TimeSpan Duration { get; init; }
}
