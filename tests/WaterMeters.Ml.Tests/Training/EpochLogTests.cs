using WaterMeters.Ml.Tests.Reporting.ModelReports;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class EpochLogTests
{
    [Fact]
    public void Reads_a_finished_run_and_a_running_one()
    {
        using var temp = new TempFolder();
        EpochRecord[] epochs = [ReportSamples.Epoch(1, 64, 8, 0.75), ReportSamples.Epoch(2, 128, 4, 0.5)];
        using (var folder = new RunFolder(temp.Path, epochs)) Assert.Equal(epochs, EpochLog.Read(temp.Path));
        Assert.Equal(epochs, EpochLog.Read(temp.Path));
    }

    [Fact]
    public void Is_not_emptied_under_a_reader_when_the_run_is_opened_again()
    {
        using var temp = new TempFolder();
        EpochRecord[] epochs = [ReportSamples.Epoch(1, 64, 8, 0.75), ReportSamples.Epoch(2, 128, 4, 0.5)];
        string path = temp["epochs.jsonl"];
        using (new RunFolder(temp.Path, epochs))
        {
        }

        string text = File.ReadAllText(path);
        using (var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)))
        using (var folder = new RunFolder(temp.Path, epochs))
        {
            Assert.Equal(text, reader.ReadToEnd());
            folder.Epochs.Append(ReportSamples.Epoch(3, 128, 4, 0.25));
        }

        Assert.StartsWith(text, File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], EpochLog.Read(temp.Path).Select(epoch => epoch.Epoch));
        using (new RunFolder(temp.Path, epochs))
        {
        }

        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void Skips_a_truncated_line_and_returns_nothing_where_there_is_no_run()
    {
        using var temp = new TempFolder();
        using (new RunFolder(temp.Path, [ReportSamples.Epoch(1, 64, 8, 0.75), ReportSamples.Epoch(2, 64, 8, 0.5)]))
        {
        }

        string path = temp["epochs.jsonl"], text = File.ReadAllText(path);
        File.WriteAllText(path, text[..^20]);
        Assert.Equal([1], EpochLog.Read(temp.Path).Select(epoch => epoch.Epoch));
        File.WriteAllText(path, "[]\nnull\n{}\n\"x\"\n" + text);
        Assert.Equal([1, 2], EpochLog.Read(temp.Path).Select(epoch => epoch.Epoch));
        Assert.Empty(EpochLog.Read(temp["nowhere"]));
    }
}
