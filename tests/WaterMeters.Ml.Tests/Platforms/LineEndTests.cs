using System.Text;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.Ml.Reporting.ModelReports;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Tests.Datasets;
using WaterMeters.Ml.Tests.Reporting.ModelReports;
using WaterMeters.Ml.Tests.Training;

namespace WaterMeters.Ml.Tests.Platforms;

/// <summary>Text files of the module end their lines with a line feed alone, also on Windows, and have no byte order mark.</summary>
[Collection(TrainingCollection.Name)]
public class LineEndTests
{
    [Fact]
    public void Reports_of_a_data_set_have_line_feeds_alone()
    {
        using var set = new DatasetFolder();
        set.Pair("a", 120).Pair("b", 0).Text("images", "c.jpg", "no photo");
        var inspector = new DatasetInspector();
        inspector.Inspect(set.Path, null, TestContext.Current.CancellationToken);
        var dataset = CheckedDataset.Now(inspector.Report(), inspector.Statistics);
        foreach (string extension in DatasetReportFile.Extensions)
        {
            string path = set["report" + extension];
            DatasetReportFile.Write(dataset, path, cancellation: TestContext.Current.CancellationToken);
            AssertLineFeeds(path, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void Reports_of_models_have_line_feeds_alone()
    {
        AssertLineFeeds("JSON", Encoding.UTF8.GetBytes(JsonReport.Render(ReportSamples.Both)));
        AssertLineFeeds("Markdown", Encoding.UTF8.GetBytes(MarkdownReport.Render(ReportSamples.Both)));
    }

    [Fact]
    public void Files_of_a_run_and_of_an_installation_have_line_feeds_alone()
    {
        using var set = TrainingSet.Noise(4, 1, 1);
        var run = TrainingSet.Train(set.Options("run", "32x1x4"));
        AssertLineFeeds("metrics.json", File.ReadAllBytes(run.MetricsPath));
        AssertLineFeeds("epochs.jsonl", File.ReadAllBytes(set["run", "epochs.jsonl"]));

        new InstallationRecord("2.10.0", "win-x64", "here", "").Write(set["run"]);
        AssertLineFeeds("the record", File.ReadAllBytes(set["run", InstallationRecord.FileName]));
    }

    private static void AssertLineFeeds(string name, ReadOnlySpan<byte> text)
    {
        Assert.True(text.Contains((byte)'\n'), $"{name} has no line");
        Assert.False(text.Contains((byte)'\r'), $"{name} has a carriage return");
        Assert.False(text.StartsWith(Encoding.UTF8.Preamble), $"{name} has a byte order mark");
    }
}
