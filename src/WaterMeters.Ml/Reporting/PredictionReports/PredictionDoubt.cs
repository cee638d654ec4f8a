namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>Reasons why a person should look at a prediction, the gravest first.</summary>
internal enum PredictionDoubt
{
    /// <summary>The mask is empty.</summary>
    NothingFound,

    /// <summary>The mask has several regions, and a meter has one window.</summary>
    SeveralRegions,

    /// <summary>The box touches the border of the photo, so the window may be cut off.</summary>
    AtBorder,

    /// <summary>The confidence is below <see cref="PredictionDoubts.LeastConfidence"/>.</summary>
    LowConfidence,
}

/// <summary>Finds the doubts about predictions, and describes them.</summary>
internal static class PredictionDoubts
{
    /// <summary>Confidence below which a prediction is doubtful.</summary>
    public const double LeastConfidence = 0.8;

    /// <summary>Returns the doubts about a prediction, the gravest first; none for one that needs no look.</summary>
    public static IReadOnlyList<PredictionDoubt> Of(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        if (prediction.Regions == 0) return [PredictionDoubt.NothingFound];
        var doubts = new List<PredictionDoubt>();
        if (prediction.Regions > 1) doubts.Add(PredictionDoubt.SeveralRegions);
        if (TouchesBorder(prediction)) doubts.Add(PredictionDoubt.AtBorder);
        if (!(prediction.Confidence >= LeastConfidence)) doubts.Add(PredictionDoubt.LowConfidence);
        return doubts;
    }

    /// <summary>Returns the heading of the predictions with this doubt.</summary>
    public static string Title(PredictionDoubt? doubt) => doubt switch
    {
        PredictionDoubt.NothingFound => "Nothing found",
        PredictionDoubt.SeveralRegions => "Several regions",
        PredictionDoubt.AtBorder => "At the border",
        PredictionDoubt.LowConfidence => "Low confidence",
        _ => "No doubt",
    };

    /// <summary>Returns what the doubt means and what to do, in one or two sentences.</summary>
    public static string Meaning(PredictionDoubt? doubt) => doubt switch
    {
        PredictionDoubt.NothingFound => "The mask is empty. Check whether the photo shows a meter.",
        PredictionDoubt.SeveralRegions =>
            "A meter has one window. The box and the close-up show the largest region; check that it is the window. Photos whose regions "
                + "are of similar size come first, those with specks beside the window last.",
        PredictionDoubt.AtBorder => "The window touches the border of the photo. Check that all digits are on the photo.",
        PredictionDoubt.LowConfidence =>
            FormattableString.Invariant($"The confidence is below {LeastConfidence:0.0}. Check the outline."),
        _ => FormattableString.Invariant(
            $"One region, inside the photo, with a confidence of at least {LeastConfidence:0.0}. The lowest confidence comes first."),
    };

    /// <summary>Returns the name of a doubt in data, such as <c>several_regions</c>.</summary>
    public static string Key(PredictionDoubt doubt) => doubt switch
    {
        PredictionDoubt.NothingFound => "nothing_found",
        PredictionDoubt.SeveralRegions => "several_regions",
        PredictionDoubt.AtBorder => "at_border",
        _ => "low_confidence",
    };

    /// <summary>
    /// Estimates which part of the foreground the largest region is, in tenths: 1 for a window with specks, 0.5 for two regions of one
    /// size. A record does not have it; the area of the rotated box is close for a window.
    /// </summary>
    public static double LargestShare(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        double foreground = prediction.Coverage * prediction.Width * prediction.Height;
        if (RotatedBox.FromRecord(prediction) is not { } box || foreground <= 0) return 1;
        return Math.Round(Math.Min(1, box.Along * box.Across / foreground), 1);
    }

    private static bool TouchesBorder(Prediction p) =>
        p.Width > 0 && (p.X <= 0 || p.Y <= 0 || p.X + p.BoxWidth >= p.Width || p.Y + p.BoxHeight >= p.Height);
}
