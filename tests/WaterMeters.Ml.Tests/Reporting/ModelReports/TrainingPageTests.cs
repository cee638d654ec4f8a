using System.Xml.Linq;
using WaterMeters.Ml.Reporting.ModelReports;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.ModelReports;

public class TrainingPageTests
{
    [Fact]
    public void Names_runs_by_their_folders_as_far_as_they_differ()
    {
        Assert.Equal(["a", "b"], Names("/runs/a", "/runs/b"));
        Assert.Equal(["x/run", "y/run", "y/other"], Names("/runs/x/run", "/runs/y/run", "/runs/y/other"));
        Assert.Equal(["a", "a"], Names("/runs/a", "/runs/a"));
        Assert.Equal([@"run"], Names(@"C:\runs\run"));

        static IReadOnlyList<string> Names(params string[] folders) =>
            TrainingNames.Of([.. folders.Select(folder => ReportSamples.Training with { OutputPath = folder })]);
    }

    [Fact]
    public void Says_which_of_many_curves_it_draws()
    {
        ReportedTraining[] runs = [.. Enumerable.Range(1, 8).Select(i => Run($"/runs/r{i}", 0.1 * i)), Gone("/runs/gone")];
        var page = Page(runs);
        string text = page.Root!.Value;
        Assert.Contains("Curves of 6 of 8 trainings, those with the highest validation Dice", text, StringComparison.Ordinal);
        Assert.Contains("No curves of gone: the epochs are no longer available.", text, StringComparison.Ordinal);
        Assert.Equal(["r3", "r4", "r5", "r6", "r7", "r8"], page.All("h3").Select(h => h.Value));
        Assert.Equal(["r3", "r4", "r5", "r6", "r7", "r8"], page.All("figure", "chart").First().All("li").Select(li => li.Value));
        Assert.DoesNotContain("Curves of", Page(runs[..6]).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_epochs_integers_and_scores_no_more_than_1()
    {
        var equal = ReportSamples.Training with { Epochs = [Epoch(1), Epoch(2)] };
        var charts = Page([equal]).All("figure", "chart").ToList();
        string[] loss = Ticks(charts[0]), scores = Ticks(charts[1]);
        Assert.Contains("1", loss);
        Assert.All(loss.Where(tick => tick.Contains('.')), tick => Assert.True(double.Parse(tick, Invariant) >= 0.5, tick)); // losses
        Assert.DoesNotContain(scores, tick => double.TryParse(tick, Invariant, out double value) && value is > 1 and < 2);

        static EpochRecord Epoch(int number) =>
            ReportSamples.Epoch(number, 64, 8, 0.7) with { ValidationDice = 1, ValidationIoU = 1 };
        static string[] Ticks(XElement chart) => [.. chart.All("svg").First().All("text").Select(t => t.Value)];
    }

    [Fact]
    public void Scores_an_unfinished_run_by_its_best_epoch_and_says_when_it_stopped()
    {
        var ended = new DateTimeOffset(2030, 1, 2, 3, 4, 0, TimeSpan.Zero);
        var killed = ReportSamples.Training with
        {
            Scores = new Dictionary<string, double>(),
            LastEpochEnded = ended,
            Epochs = [ReportSamples.Epoch(1, 64, 8, 0.4), ReportSamples.Epoch(2, 64, 8, 0.5) with { IsBest = false }],
        };
        string text = MarkdownReport.Render(new ReportContents { Trainings = [killed], Written = ended.AddHours(1) });
        Assert.Contains("| <code>new</code> | 7 | 0.6000 | 0.6000 | – | – | – |", text, StringComparison.Ordinal);
        Assert.Contains("unfinished: epoch 2 of 3", text, StringComparison.Ordinal);
        Assert.Contains("2030-01-02 03&#58;04 UTC", text, StringComparison.Ordinal);
        Assert.Contains("on 2030-01-02 04&#58;04 UTC.", text, StringComparison.Ordinal);
        Assert.Null(killed.Score("test_dice"));
    }

    [Fact]
    public void Calls_only_the_production_model_production()
    {
        var other = ReportSamples.Comparison with { Baseline = "/runs/first/model.safetensors" };
        var photos = ReportSamples.Photos.Select(photo => photo with { Baseline = other.Baseline }).ToList();
        var contents = new ReportContents { Comparison = other, Photos = photos };
        Assert.StartsWith("| Metric | New model | Baseline | Change |", MarkdownReport.Render(contents), StringComparison.Ordinal);
        Assert.DoesNotContain("production", Text(contents), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("window missed by production", Text(ReportSamples.Both), StringComparison.Ordinal);

        static string Text(ReportContents contents) =>
            HtmlDocument.Text(html => ComparisonCharts.Write(html, contents.Comparison!, contents.Photos));
    }

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static ReportedTraining Run(string folder, double dice) => ReportSamples.Training with
    {
        OutputPath = folder,
        Scores = new Dictionary<string, double> { ["val_dice"] = dice },
    };

    private static ReportedTraining Gone(string folder) => Run(folder, 0.9) with { Epochs = [] };

    private static XDocument Page(IReadOnlyList<ReportedTraining> trainings)
    {
        using var stream = new MemoryStream();
        var contents = new ReportContents { Trainings = trainings };
        using var gallery = new ReportGallery(contents, _ => { });
        HtmlReport.Write(contents, gallery, stream);
        return XDocument.Parse(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
