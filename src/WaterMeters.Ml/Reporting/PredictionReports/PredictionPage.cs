using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;
using WaterMeters.Ml.Reporting.ModelReports;
using static WaterMeters.Ml.Reporting.ModelReports.ReportNumbers;

namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>
/// Predictions as an HTML page: photos with outline, box and score, the doubtful ones first. Images are made on all cores, a few ahead of
/// the one being written, and share a number of bytes, so that a browser can open the page.
/// </summary>
/// <param name="summary">The predictions.</param>
/// <param name="written">Time of writing.</param>
/// <param name="warn">Called with a warning when photos cannot be shown.</param>
/// <param name="progress">Called with the number of photos done and the total.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class PredictionPage(
    PredictionSummary summary,
    DateTimeOffset written,
    Action<string> warn,
    Action<int, int>? progress,
    CancellationToken cancellation)
{
    /// <summary>Bytes for all images, as base64. A browser opens such a page in a second or two.</summary>
    public const long ImageBytes = 40L << 20;

    /// <summary>Most predictions that a page names.</summary>
    public const int MostNamed = 20_000;

    private readonly PredictionImages images = new(SideFor(summary.All.Count));
    private long used;
    private int done, missing;
    private string? firstMissing;

    /// <summary>Returns the longest side of an image: the more photos, the smaller, so that 2,000 photos take about 26 MB.</summary>
    public static int SideFor(int photos) => photos switch
    {
        <= 400 => 360,
        <= 1000 => 300,
        _ => 240,
    };

    /// <summary>Writes the page.</summary>
    public void Write(Stream stream)
    {
        HtmlPage.Write(stream, $"Predictions: {Count(summary.All.Count)} photos", html =>
        {
            Head(html);
            PhotoFilter.Write(html);
            int left = MostNamed;
            foreach (var (doubt, photos) in summary.Groups())
            {
                if (left <= 0) break;
                Group(html, doubt, photos, left);
                left -= photos.Count;
            }

            if (left < 0)
            {
                html.Element("p", $"{Count(-left)} more photos are not shown. The JSON report has all of them.", ("class", "missing"));
            }

            html.Element("footer", $"Written by WaterMeters {ModuleVersion.Text} (Export-WmsReport) on {HtmlText.Moment(written)}. "
                + "The help topic about_WaterMeters_Records explains confidence, angle and regions.");
        }, PhotoFilter.Script);
        if (missing > 0)
        {
            warn($"{Count(missing)} of {Count(summary.All.Count)} photos or outlines cannot be shown; the page says why. The first: "
                + firstMissing);
        }
    }

    private static string Id(PredictionDoubt? doubt) => doubt is { } known ? PredictionDoubts.Key(known).Replace('_', '-') : "no-doubt";

    private static string Badge(PredictionDoubt? doubt) => doubt switch
    {
        PredictionDoubt.NothingFound => "badge bad",
        null => "badge good",
        _ => "badge warn",
    };

    private void Head(HtmlWriter html)
    {
        html.Element("h1", "Predictions");
        if (summary.Folder is { } folder) html.Element("p", folder, ("class", "file"));
        HtmlTable.Facts(html,
        [
            ("Photos", Count(summary.All.Count)),
            ("Window found", Count(summary.Found)),
            ("To check", Count(summary.Doubtful)),
            ("Mean confidence", Score(summary.MeanConfidence)),
            (summary.Models.Count == 1 ? "Model" : "Models", HtmlText.Short(string.Join(", ", summary.Models), 80)),
            ("Written", HtmlText.Moment(written)),
        ]);
        html.Open("ul", ("class", "legend")).Open("li");
        Swatch(html, "found").Text("outline of the mask").Close().Open("li");
        Swatch(html, "box").Text("rotated box of the largest region").Close().CloseLine();
        html.Open("p", ("class", "jumps"));
        foreach (var (doubt, photos) in summary.Groups())
        {
            string text = $"{PredictionDoubts.Title(doubt)}: {Count(photos.Count)}";
            html.Element("a", text, ("href", "#" + Id(doubt)), ("class", Badge(doubt))).Text(" ");
        }

        html.CloseLine();
        foreach (string path in summary.ModelPaths.Take(5))
        {
            html.Open("p").Text("Model file: ").Element("span", path, ("class", "file")).Close();
        }
    }

    private static HtmlWriter Swatch(HtmlWriter html, string kind) => html
        .Open("svg", ("viewBox", "0 0 42 14"), ("class", "swatch"), ("aria-hidden", "true"))
        .Empty("rect", ("width", "42"), ("height", "14"), ("rx", "2"))
        .Empty("path", ("class", "outline " + kind), ("d", "M4 7H38")).Close();

    private void Group(
        HtmlWriter html,
        PredictionDoubt? doubt,
        IReadOnlyList<DoubtedPrediction> photos,
        int most)
    {
        html.Open("section", ("id", Id(doubt))).Open("h2").Text(PredictionDoubts.Title(doubt) + " ");
        html.Element("small", Count(photos.Count), ("class", "quiet")).Close();
        html.Element("p", PredictionDoubts.Meaning(doubt), ("class", "lead"));
        html.Open("div", ("class", "photos")).Raw("\n");
        var prepared = Prefetch.InOrder(
            photos.Take(most), Environment.ProcessorCount, photo => (photo, Image(photo.Prediction)), cancellation);
        foreach (var ((prediction, doubts), image) in prepared)
        {
            Card(html, prediction, doubts, image);
            Interlocked.Add(ref used, image?.Bytes ?? 0);
            progress?.Invoke(++done, Math.Min(summary.All.Count, MostNamed));
        }

        html.Close().CloseLine();
    }

    /// <summary>Creates the images of a photo; null once all bytes are used.</summary>
    private PredictionImage? Image(Prediction prediction) => Interlocked.Read(ref used) < ImageBytes ? images.Create(prediction) : null;

    private void Card(HtmlWriter html, Prediction prediction, IReadOnlyList<PredictionDoubt> doubts, PredictionImage? image)
    {
        string name = summary.Name(prediction);
        html.Open("article", ("class", "photo"), ("data-name", name.ToLowerInvariant()));
        if (image is null) html.Element("p", "No image: the images of this page have reached their limit.", ("class", "missing"));
        else Images(html, image, name);
        if (image?.Note is { } note)
        {
            missing++;
            firstMissing ??= note;
            html.Element("p", image.Photo.Length == 0 ? $"This photo cannot be shown: {note}" : note, ("class", "missing"));
        }

        html.Open("p").Element("span", HtmlText.Short(name, 80), ("class", "file")).Empty("br").Text(Caption(prediction));
        foreach (var doubt in doubts.Where(doubt => doubt != PredictionDoubt.NothingFound))
        {
            html.Text(" ").Element("span", Short(doubt, prediction), ("class", "badge warn"));
        }

        html.Close().CloseLine();
    }

    private static void Images(HtmlWriter html, PredictionImage image, string name)
    {
        if (image.Photo.Length == 0) return;
        string alternative = $"Photo {HtmlText.Short(name, 80)}";
        html.Open("div", ("class", "outlined")).Image(image.Photo, image.Width, image.Height, alternative, isLazy: true);
        if (image.Box.Length + image.Outline.Length > 0)
        {
            string viewBox = FormattableString.Invariant($"0 0 {image.Width} {image.Height}");
            html.Open("svg", ("viewBox", viewBox), ("preserveAspectRatio", "none"), ("aria-hidden", "true"));
            if (image.Box.Length > 0) html.Empty("path", ("class", "outline box"), ("d", image.Box));
            if (image.Outline.Length > 0) html.Empty("path", ("class", "outline found"), ("d", image.Outline));
            html.Close();
        }

        html.Close();
        if (image.Window.Length == 0) return;
        html.Open("div", ("class", "window"));
        html.Image(image.Window, image.WindowWidth, image.WindowHeight, "The window, level", isLazy: true).Close();
    }

    private static string Caption(Prediction p) => p.Regions == 0
        ? "nothing found"
        : FormattableString.Invariant($"{p.Confidence:0.000} · {p.Angle:0.0}° · {p.BoxWidth} × {p.BoxHeight} px");

    private static string Short(PredictionDoubt doubt, Prediction prediction) => doubt switch
    {
        PredictionDoubt.SeveralRegions => $"{Count(prediction.Regions)} regions",
        PredictionDoubt.AtBorder => "at the border",
        _ => "low confidence",
    };
}
