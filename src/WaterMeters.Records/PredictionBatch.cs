using System.Globalization;

namespace WaterMeters;

/// <summary>
/// What a batch of predictions found: the data of the information record that Invoke-WmsPrediction writes at its end. As text, one line.
/// </summary>
public sealed record PredictionBatch
{
    /// <summary>Number of photos predicted.</summary>
    public int Photos { get; init; }

    /// <summary>Number of photos with a window: at least one region in the mask.</summary>
    public int Found { get; init; }

    /// <summary>Number of photos without a window.</summary>
    public int NotFound { get; init; }

    /// <summary>Number of photos with two or more regions in the mask, which a person should check.</summary>
    public int SeveralRegions { get; init; }

    /// <summary>Number of photos that could not be predicted; each has an error of its own.</summary>
    public int Failed { get; init; }

    /// <summary>Number of photos whose masks or windows existed and were kept; without -SkipExisting, one error names them.</summary>
    public int Skipped { get; init; }

    /// <summary>Mean confidence over the photos with a window, 0..1; null if there are none.</summary>
    public double? MeanConfidence { get; init; }

    /// <summary>Photos predicted per second, from the first photo read to the last file written; null if there are none.</summary>
    public double? PhotosPerSecond { get; init; }

    /// <summary>Time from the first photo read to the last file written.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Returns the numbers in one line.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            Count(Found, "found"),
            Count(NotFound, "not found"),
            Count(SeveralRegions, "with several regions"),
            .. Failed > 0 ? [Count(Failed, "failed")] : Array.Empty<string>(),
            .. Skipped > 0 ? [Count(Skipped, "skipped")] : Array.Empty<string>(),
        ];
        string confidence = MeanConfidence is { } mean ? FormattableString.Invariant($"; mean confidence {mean:0.000}") : "";
        string speed = PhotosPerSecond is { } rate ? FormattableString.Invariant($"; {rate:0.0} photos/s") : "";
        return $"{Count(Photos, "photos")}: {string.Join(", ", parts)}{confidence}{speed}";
    }

    private static string Count(int number, string what) => number.ToString(CultureInfo.InvariantCulture) + " " + what;
}
