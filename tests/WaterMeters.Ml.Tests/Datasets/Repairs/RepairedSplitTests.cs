using WaterMeters.Ml.Datasets.Repairs;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Samples.Defects;

namespace WaterMeters.Ml.Tests.Datasets.Repairs;

/// <summary>The parts of photos that repairs would turn into the same file.</summary>
public class RepairedSplitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_two_photos_that_would_become_one_file_the_second_is_not_changed_and_both_keep_their_parts()
    {
        using var folder = new DatasetFolder();
        var values = new byte[120 * 90];
        values.AsSpan(3000, 4000).Fill(255);
        var drawn = new SampleMask(120, 90, values);
        File.WriteAllBytes(folder["images", "a.png"], MaskPngEncoder.WithPalette(drawn));
        File.WriteAllBytes(folder["images", "b.png"], MaskPngEncoder.SixteenBit(drawn));
        folder.Mask("a.png", 900, 120, 90).Mask("b.png", 900, 120, 90);
        var before = DatasetContents.Read(folder.Path, null, Stop).Pairs;

        Assert.Equal([RepairOutcome.Repaired, RepairOutcome.Left], Repair(folder.Path).Select(r => r.Outcome));
        var after = DatasetContents.Read(folder.Path, null, Stop).Pairs;
        Assert.Equal(before.Select(p => p.Split), after.Select(p => p.Split));
        Assert.Equal([before[0].Hash], after[0].Others);
        Assert.Empty(after[1].Others);
        Assert.Equal(RepairOutcome.Left, Assert.Single(Repair(folder.Path)).Outcome);
    }

    private static List<DatasetRepair> Repair(string folder)
    {
        var repairer = new DatasetRepairer();
        return [.. repairer.Apply(repairer.Plan(folder, null, Stop), null, Stop)];
    }
}
