using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>
/// Shows findings check by check: the first of each with images, more as text, the rest as their number. Images are made on all cores, a
/// few ahead of the one that is written. Each check has its share of a number of bytes, so that the page opens whatever was found.
/// </summary>
/// <param name="groups">The findings.</param>
/// <param name="dataPath">The folder that files are named from; null to name them in full.</param>
/// <param name="progress">Hears how many findings have their images, of how many.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class FindingGallery(IReadOnlyList<FindingGroup> groups, string? dataPath, Action<int, int>? progress, CancellationToken cancellation)
{
    /// <summary>Findings of a check that are shown with images.</summary>
    public const int MostWithImages = 50;

    /// <summary>Findings of a check that are named at all.</summary>
    public const int MostNamed = 500;

    /// <summary>Bytes that findings with images may take together.</summary>
    public const long ImageBytes = 15L << 20;

    /// <summary>Bytes that findings without images may take together.</summary>
    public const long TextBytes = 5L << 20;

    private const int MostMessage = 600, MostPath = 300;

    private readonly FindingImages images = new();
    private readonly ByteBudget imageBudget = new(ImageBytes, groups.Count), textRoom = new(TextBytes, groups.Count);
    private readonly int toShow = groups.Sum(group => Math.Min(group.Findings.Count, MostWithImages));
    private int shown;

    /// <summary>Writes the findings.</summary>
    public void Write(HtmlWriter html)
    {
        foreach (var group in groups)
        {
            html.Open("section", ("id", Id(group)));
            html.Open("h3").Text($"{group.Check} ").Element("span", $"{group.Severity}", ("class", Badge(group.Severity))).Text(" ");
            html.Element("small", $"{HtmlText.Number(group.Findings.Count)} {(group.Findings.Count == 1 ? "finding" : "findings")}", ("class", "quiet")).Close();
            html.Element("p", $"{group.Meaning} {group.Remedy}", ("class", "lead"));
            int done = WithImages(html, group);
            if (done < group.Findings.Count) AsText(html, group, done);
            html.CloseLine();
        }
    }

    /// <summary>The identifier of the part of the page that shows a check's findings.</summary>
    public static string Id(FindingGroup group) => $"check-{group.Check}";

    /// <summary>The style's name for a severity.</summary>
    public static string Badge(FindingSeverity severity) => severity == FindingSeverity.Error ? "badge bad" : "badge warn";

    private int WithImages(HtmlWriter html, FindingGroup group)
    {
        long share = imageBudget.Next(), used = 0;
        int done = 0, most = Math.Min(group.Findings.Count, MostWithImages);
        html.Open("div", ("class", "cards")).Raw("\n");
        foreach (var (finding, found) in Prefetch.InOrder(group.Findings.Take(most), Environment.ProcessorCount, finding => (finding, images.Create(finding)), cancellation))
        {
            long size = Size(finding, found);
            if (used + size > share) break;
            used += size;
            Card(html, finding, found);
            done++;
            progress?.Invoke(++shown, toShow);
        }

        shown += most - done;
        imageBudget.Use(used);
        html.CloseLine();
        return done;
    }

    /// <summary>The most that a card takes: four characters for three bytes of an image, and six bytes for a letter that is encoded.</summary>
    private static long Size(DatasetFinding finding, IReadOnlyList<FindingImage> found) =>
        1000 + (6L * (Math.Min(finding.Message.Length, MostMessage) + (2 * MostPath))) + found.Sum(image => 400 + (6L * MostPath) + (image.Jpeg.Length * 4L / 3));

    private void Card(HtmlWriter html, DatasetFinding finding, IReadOnlyList<FindingImage> found)
    {
        html.Open("article", ("class", "card"));
        if (found.Count > 0) html.Open("div", ("class", "images"));
        foreach (var image in found)
        {
            html.Open("figure");
            if (image.Jpeg.Length > 0) html.Image(image.Jpeg, image.Width, image.Height, $"{image.Caption} of {HtmlText.Short(finding.Name, MostPath)}");
            else html.Element("div", "cannot be read", ("class", "missing"));
            html.Element("figcaption", image.Caption).Close();
        }

        if (found.Count > 0) html.Close();
        Words(html, finding, "p");
        html.CloseLine();
    }

    private void AsText(HtmlWriter html, FindingGroup group, int done)
    {
        long share = textRoom.Next(), start = html.Bytes;
        int named = done, most = Math.Min(group.Findings.Count, MostNamed);
        html.Open("details").Element("summary", $"{HtmlText.Number(group.Findings.Count - done)} more without images").Open("ul").Raw("\n");
        for (; named < most && html.Bytes - start < share; named++)
        {
            cancellation.ThrowIfCancellationRequested();
            html.Open("li");
            Words(html, group.Findings[named], "div");
            html.CloseLine();
        }

        textRoom.Use(html.Bytes - start);
        html.Close();
        if (named < group.Findings.Count) html.Element("p", $"And {HtmlText.Number(group.Findings.Count - named)} more: Test-WmsDataset -PerFinding has all of them, and so has a report whose name ends with .json.");
        html.CloseLine();
    }

    private void Words(HtmlWriter html, DatasetFinding finding, string element)
    {
        if (finding.Path.Length > 0) html.Element(element, Named(finding.Path), ("class", "file"));
        if (finding.OtherPath is { } other) html.Open(element).Text("and ").Element("span", Named(other), ("class", "file")).Close();
        html.Element(element, HtmlText.Short(finding.Message, MostMessage));
    }

    private string Named(string path) => HtmlText.Short(dataPath is null ? path : Path.GetRelativePath(dataPath, path), MostPath);
}
