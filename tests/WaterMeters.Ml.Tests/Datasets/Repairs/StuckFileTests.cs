using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Repairs;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Samples.Defects;

namespace WaterMeters.Ml.Tests.Datasets.Repairs;

/// <summary>A file that cannot be written.</summary>
public class StuckFileTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Is_reported_with_the_reason_and_the_others_are_repaired()
    {
        using var folder = new TempFolder();
        var options = new SampleOptions { Count = 2, Size = 128, Defects = [SampleDefect.MaskJpeg, SampleDefect.MaskSixteenBit] };
        _ = SampleDataset.Write(folder.Path, options, null, Stop).Count();
        var planted = DefectPlanter.Plant(folder.Path, options, Stop).ToDictionary(p => p.Check, p => p.Path);
        string mask = planted[nameof(DatasetCheck.MaskJpeg)], taken = Path.ChangeExtension(mask, ".png");
        byte[] before = File.ReadAllBytes(mask);
        Directory.CreateDirectory(taken);

        var repairer = new DatasetRepairer();
        var records = repairer.Apply(repairer.Plan(folder.Path, null, Stop), null, Stop).ToDictionary(r => r.OldPath);
        Assert.Equal(2, records.Count);
        Assert.Equal(RepairOutcome.Left, records[mask].Outcome);
        Assert.Contains(taken, records[mask].Reason, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(mask));
        Assert.Equal(RepairOutcome.Repaired, records[planted[nameof(DatasetCheck.SixteenBit)]].Outcome);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories));
    }
}
