using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>
/// Writes findings by check: the first ones with images, more as text, the rest as a count. Images are made on all cores, a few ahead of
/// the one being written. Each check has a share of a fixed number of bytes, so that a browser can open the page.
/// </summary>
/// <param name="groups">The findings.</param>
/// <param name="photos">Number of photos of the data set.</param>
/// <param name="dataPath">Folder that paths are relative to; null for full paths.</param>
/// <param name="progress">Called with the number of findings whose images are done and the total.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class FindingGallery(
    IReadOnlyList<FindingGroup> groups, int photos, string? dataPath, Action<int, int>? progress, CancellationToken cancellation)
{
    /// <summary>Most findings of a check shown with images.</summary>
    public const int MostWithImages = 50;

    /// <summary>Most findings shown with images of a check that a third of the photos have: they look alike.</summary>
    public const int MostOfCommon = 6;

    /// <summary>Most findings of a check that are listed.</summary>
    public const int MostNamed = 500;

    /// <summary>Bytes for all findings with images.</summary>
    public const long ImageBytes = 15L << 20;

    /// <summary>Bytes for all findings without images.</summary>
    public const long TextBytes = 5L << 20;

    private const int MostMessage = 600, MostPath = 300;

    private readonly FindingImages images = new();
    private readonly ByteBudget imageBudget = new(ImageBytes, groups.Count), textBudget = new(TextBytes, groups.Count);
    private readonly int toShow = groups.Sum(group => ToShow(group, photos));
    private int shown;

    /// <summary>Writes the findings.</summary>
    public void Write(HtmlWriter html)
    {
        foreach (var group in groups)
        {
            html.Open("section", ("id", Id(group)));
            html.Open("h3").Text($"{group.Check} ").Element("span", $"{group.Severity}", ("class", Badge(group.Severity))).Text(" ");
            string noun = group.Findings.Count == 1 ? "finding" : "findings";
            html.Element("small", $"{HtmlText.Number(group.Findings.Count)} {noun}", ("class", "quiet")).Close();
            html.Element("p", $"{group.Meaning} {group.Remedy}", ("class", "lead"));
            int done = WithImages(html, group);
            if (done < group.Findings.Count) AsText(html, group, done);
            html.CloseLine();
        }
    }

    /// <summary>Returns the HTML identifier of the section of a check.</summary>
    public static string Id(FindingGroup group) => $"check-{group.Check}";

    /// <summary>Returns the CSS classes for a severity.</summary>
    public static string Badge(FindingSeverity severity) => severity == FindingSeverity.Error ? "badge bad" : "badge warn";

    /// <summary>Returns how many findings of a check are shown with images.</summary>
    private static int ToShow(FindingGroup group, int photos)
    {
        bool isCommon = photos > 0 && group.Findings.Count > 2 * MostOfCommon && 3L * group.Findings.Count >= photos;
        return Math.Min(group.Findings.Count, isCommon ? MostOfCommon : MostWithImages);
    }

    private int WithImages(HtmlWriter html, FindingGroup group)
    {
        long share = imageBudget.Next(), used = 0;
        int done = 0, most = ToShow(group, photos);
        html.Open("div", ("class", "cards")).Raw("\n");
        var prepared = Prefetch.InOrder(
            group.Findings.Take(most), Environment.ProcessorCount, finding => (finding, images.Create(finding)), cancellation);
        foreach (var (finding, shownImages) in prepared)
        {
            long size = Size(finding, shownImages);
            if (used + size > share) break;
            used += size;
            Card(html, finding, shownImages);
            done++;
            progress?.Invoke(++shown, toShow);
        }

        shown += most - done;
        imageBudget.Use(used);
        html.CloseLine();
        return done;
    }

    /// <summary>Returns an upper bound for the bytes of a card: base64 takes 4 bytes per 3, an encoded character at most 6 bytes.</summary>
    private static long Size(DatasetFinding finding, IReadOnlyList<FindingImage> found) =>
        1000 + (6L * (Math.Min(finding.Message.Length, MostMessage) + (2 * MostPath)))
        + found.Sum(image => 400 + (6L * MostPath) + (image.Jpeg.Length * 4L / 3));

    private void Card(HtmlWriter html, DatasetFinding finding, IReadOnlyList<FindingImage> found)
    {
        html.Open("article", ("class", "card"));
        if (found.Count > 0) html.Open("div", ("class", "images"));
        foreach (var image in found)
        {
            html.Open("figure");
            string alternative = $"{image.Caption} of {HtmlText.Short(finding.Name, MostPath)}";
            if (image.Jpeg.Length > 0) html.Image(image.Jpeg, image.Width, image.Height, alternative);
            else html.Element("div", "cannot be read", ("class", "missing"));
            html.Element("figcaption", image.Caption).Close();
        }

        if (found.Count > 0) html.Close();
        Describe(html, finding, "p");
        html.CloseLine();
    }

    private void AsText(HtmlWriter html, FindingGroup group, int done)
    {
        long share = textBudget.Next(), start = html.Bytes;
        int named = done, most = Math.Min(group.Findings.Count, MostNamed);
        string summary = $"{HtmlText.Number(group.Findings.Count - done)} more without images";
        html.Open("details").Element("summary", summary).Open("ul").Raw("\n");
        for (; named < most && html.Bytes - start < share; named++)
        {
            cancellation.ThrowIfCancellationRequested();
            html.Open("li");
            Describe(html, group.Findings[named], "div");
            html.CloseLine();
        }

        textBudget.Use(html.Bytes - start);
        html.Close();
        if (named < group.Findings.Count)
        {
            html.Element("p", $"And {HtmlText.Number(group.Findings.Count - named)} more. "
                + "For all findings, use Test-WmsDataset -PerFinding or a report with the extension .json.");
        }

        html.CloseLine();
    }

    private void Describe(HtmlWriter html, DatasetFinding finding, string element)
    {
        if (finding.Path.Length > 0) html.Element(element, ShortPath(finding.Path), ("class", "file"));
        if (finding.OtherPath is { } other) html.Open(element).Text("and ").Element("span", ShortPath(other), ("class", "file")).Close();
        html.Element(element, HtmlText.Short(finding.Message, MostMessage));
    }

    private string ShortPath(string path) =>
        HtmlText.Short(dataPath is null ? path : Path.GetRelativePath(dataPath, path), MostPath);
}
