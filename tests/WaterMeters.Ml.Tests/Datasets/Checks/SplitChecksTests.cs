using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Samples;

namespace WaterMeters.Ml.Tests.Datasets.Checks;

public class SplitChecksTests
{
    [Fact]
    public void Reports_a_damaged_split_and_a_disputed_photo()
    {
        using var folder = new TempFolder();
        _ = SampleDataset.Write(folder.Path, new SampleOptions { Count = 30, Size = 128 }, null, CancellationToken.None).ToList();
        var samples = DatasetReader.ReadAll(folder.Path, new SplitRule(), CancellationToken.None).Select(r => r.Sample!).ToList();
        DatasetSplit[] splits = [DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test];
        string[] parts = [.. splits.Select(s => samples.First(p => p.Split == s).Hash)];
        SplitStore.Add(folder.Path, [new(parts[1], SplitReason.Resembles, parts[0]), new(parts[1], SplitReason.Resembles, parts[2])]);

        var finding = Assert.Single(Report().Findings);
        Assert.Equal((nameof(DatasetCheck.SplitDisputed), FindingSeverity.Warning), (finding.Check, finding.Severity));
        Assert.Equal(samples.First(s => s.Hash == parts[1]).ImagePath, finding.Path);
        var pairs = DatasetContents.Read(folder.Path, null, CancellationToken.None).Pairs;
        Assert.Equal(DatasetSplit.Aside, pairs.Single(p => p.Hash == parts[1]).Split);

        File.WriteAllText(Path.Combine(SplitFolder.PathFor(folder.Path), SplitFolder.FractionsFile), "<<<<<<<");
        Assert.Contains(Report().Findings, f => f.Check == nameof(DatasetCheck.SplitUnreadable) && f.Severity == FindingSeverity.Error);
        Assert.Throws<DatasetException>(() => { DatasetContents.Read(folder.Path, null, CancellationToken.None); });

        DatasetReport Report()
        {
            var inspector = new DatasetInspector();
            inspector.Inspect(folder.Path, null, CancellationToken.None);
            return inspector.Report();
        }
    }
}
