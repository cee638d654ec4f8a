using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>The photos of a page with their outlines. A photo that can no longer be shown is replaced by a sentence.</summary>
internal sealed class ReportGallery : IDisposable
{
    private const int MostInGroup = 6;

    private readonly Dictionary<string, (ComparedImage? Image, string? Missing)> images = new(StringComparer.Ordinal);
    private readonly List<(string Title, IReadOnlyList<ImageComparison> Photos)> groups = [];
    private readonly Action<string> warn;
    private readonly IInferenceEngine? candidate, baseline;
    private readonly ComparedImages? maker;

    /// <summary>Opens the models. If one is missing or has changed, warns and shows no photos.</summary>
    public ReportGallery(ReportContents contents, Action<string> warn)
    {
        this.warn = warn;
        if (contents.Comparison is not { } comparison || contents.Photos.Count == 0) return;
        groups.Add(("Largest gains", PhotoTables.Gains(contents.Photos, MostInGroup)));
        groups.Add(("Largest losses", PhotoTables.Losses(contents.Photos, MostInGroup)));
        groups.Add(("Lowest Dice of the new model", PhotoTables.Worst(contents.Photos, MostInGroup)));
        groups.RemoveAll(group => group.Photos.Count == 0);
        try
        {
            candidate = Open(comparison.Candidate, comparison.CandidateDigest);
            if (comparison.Baseline is { } file) baseline = Open(file, comparison.BaselineDigest);
            maker = new ComparedImages(candidate, baseline);
        }
        catch (WaterMetersException e)
        {
            Dispose();
            Failure = e.Message;
            warn($"The report shows no photos: {e.Message}");
        }
    }

    /// <summary>Reason why no photo can be shown; null when photos can be shown.</summary>
    public string? Failure { get; }

    /// <summary>Creates the images.</summary>
    /// <param name="progress">Called with the number of images done and the total.</param>
    /// <param name="cancellation">Stops between two images.</param>
    public void Prepare(Action<int, int>? progress, CancellationToken cancellation)
    {
        if (maker is null) return;
        var photos = groups.SelectMany(group => group.Photos).DistinctBy(photo => photo.ImagePath).ToList();
        foreach (var photo in photos)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                images[photo.ImagePath] = (maker.Create(photo), null);
            }
            catch (PhotoException e)
            {
                images[photo.ImagePath] = (null, e.Message);
                warn(e.Message);
            }

            progress?.Invoke(images.Count, photos.Count);
        }
    }

    /// <summary>Writes the photos.</summary>
    public void Write(HtmlWriter html)
    {
        if (groups.Count == 0) return;
        html.Element("h2", "Photos");
        if (Failure is not null)
        {
            html.Element("p", $"No photo can be shown: {Failure}", ("class", "missing"));
            return;
        }

        html.Open("ul", ("class", "legend"));
        Swatch(html, "truth", "true outline");
        Swatch(html, "ours", "new model");
        if (baseline is not null) Swatch(html, "theirs", ComparedNames.InSentence(baseline.Model.Path));
        html.CloseLine();
        foreach (var (title, photos) in groups)
        {
            html.Element("h3", title).Open("div", ("class", "gallery"));
            foreach (var photo in photos) Write(html, photo);
            html.CloseLine();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        candidate?.Dispose();
        baseline?.Dispose();
    }

    private void Write(HtmlWriter html, ImageComparison photo)
    {
        html.Open("figure");
        if (images.TryGetValue(photo.ImagePath, out var shown) && shown.Image is { } image)
        {
            html.Open("div", ("class", "outlined")).Image(image.Jpeg, image.Width, image.Height, Caption(photo));
            string viewBox = FormattableString.Invariant($"0 0 {image.Width} {image.Height}");
            html.Open("svg", ("viewBox", viewBox), ("preserveAspectRatio", "none"), ("aria-hidden", "true"));
            foreach (var (kind, path) in new[] { ("truth", image.Truth), ("theirs", image.Baseline), ("ours", image.Candidate) })
            {
                if (path is not { Length: > 0 }) continue;
                html.Empty("path", ("class", "outline under"), ("d", path)).Empty("path", ("class", "outline " + kind), ("d", path));
            }

            html.Close().Close();
        }
        else
        {
            html.Element("p", $"This photo cannot be shown: {shown.Missing}", ("class", "missing"));
        }

        html.Open("figcaption").Element("span", HtmlText.Short(photo.Name, 60), ("class", "file"));
        html.Empty("br").Text(Caption(photo)).Close();
        html.CloseLine();
    }

    private static string Caption(ImageComparison photo)
    {
        string caption = $"Dice {ReportNumbers.Score(photo.CandidateDice)}";
        if (photo.BaselineDice is not null)
        {
            caption += $", was {ReportNumbers.Score(photo.BaselineDice)} ({ReportNumbers.Signed(photo.DiceDifference)})";
        }

        return PhotoTables.Missed(photo) is { Length: > 0 } missed ? $"{caption}; missed by {missed}" : caption;
    }

    private static void Swatch(HtmlWriter html, string kind, string name) => html
        .Open("li").Open("svg", ("viewBox", "0 0 42 14"), ("class", "swatch"), ("aria-hidden", "true"))
        .Empty("rect", ("width", "42"), ("height", "14"), ("rx", "2"))
        .Empty("path", ("class", "outline " + kind), ("d", "M4 7H38")).Close().Text(name).Close();

    private static IInferenceEngine Open(string path, string? digest)
    {
        var model = ModelFile.Load(path);
        if (digest is not null && model.Digest != digest)
        {
            throw new ModelException(
                path, $"The model '{path}' has changed since the comparison. Compare again, or restore the model that was compared.");
        }

        return InferenceEngines.Create(model, Precision.Float32);
    }
}
