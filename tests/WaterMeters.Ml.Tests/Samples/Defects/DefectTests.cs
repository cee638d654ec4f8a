using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Samples.Defects;

namespace WaterMeters.Ml.Tests.Samples.Defects;

public class DefectTests
{
    private const int Size = 128;

    /// <summary>Where one of these is found there is no pair, so none can be planted in a pair.</summary>
    private static readonly DatasetCheck[] OfWholeSets = [DatasetCheck.NoDataset, DatasetCheck.NoPhotos];

    /// <summary>What a trained model has to find; SuspectMaskFinderTests has a real one.</summary>
    private static readonly DatasetCheck[] OfModels = [DatasetCheck.MaskSuspect], OfStoredPlaces = [DatasetCheck.SplitUnreadable, DatasetCheck.SplitDisputed];

    public static TheoryData<SampleDefect> Defects => [.. Enum.GetValues<SampleDefect>().Where(defect => defect != SampleDefect.All)];

    [Fact]
    public void Every_defect_has_its_row_and_every_check_its_defect()
    {
        Assert.Equal(Enum.GetValues<SampleDefect>().Where(defect => defect != SampleDefect.All), DefectTable.Kinds.Select(kind => kind.Defect));
        Assert.Equal(Enum.GetValues<DatasetCheck>().Except(OfWholeSets).Except(OfModels).Except(OfStoredPlaces).Order(), DefectTable.Kinds.Select(kind => kind.Check).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Defects))]
    public void Is_found_by_its_check_and_nothing_else_is(SampleDefect defect)
    {
        using var folder = new TempFolder();
        // What is far from the rest needs a rest.
        int count = defect is SampleDefect.MaskOfWholeMeter or SampleDefect.MaskLine ? 40 : 1;
        var planted = Assert.Single(Draw(folder.Path, new SampleOptions { Count = count, Size = Size, Defects = [defect] }));
        var finding = Assert.Single(Inspect(folder.Path));

        Assert.Equal((planted.Check, planted.Severity, planted.Name, planted.Path), (finding.Check, finding.Severity, finding.Name, finding.Path));
        Assert.Equal(defect, planted.Defect);
        Assert.StartsWith("defect-", planted.Name, StringComparison.Ordinal);
        Assert.True(File.Exists(planted.Path));
    }

    [Theory]
    [InlineData(Size, 0)]
    [InlineData(Size, 1)]
    [InlineData(200, 2)]
    [InlineData(640, 3)]
    public void All_at_once_are_found_and_nothing_else_is(int size, int seed)
    {
        using var folder = new TempFolder();
        var planted = Draw(folder.Path, new SampleOptions { Count = 4, Size = size, Seed = seed, Defects = [SampleDefect.All] });
        Assert.Equal(DefectTable.Kinds.Count, planted.Count);
        Assert.Equal(
            planted.Select(p => $"{p.Check} {p.Severity} {p.Path}").Order(StringComparer.Ordinal),
            Inspect(folder.Path).Select(f => $"{f.Check} {f.Severity} {f.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_whole_sets_are_found_where_there_is_no_pair()
    {
        using var folder = new TempFolder();
        Assert.Equal("NoDataset", Assert.Single(Inspect(folder.Path)).Check);
        Directory.CreateDirectory(folder["images"]);
        Directory.CreateDirectory(folder["masks"]);
        Assert.Equal("NoPhotos", Assert.Single(Inspect(folder.Path)).Check);
        Assert.Equal(["NoDataset", "NoPhotos"], OfWholeSets.Select(check => check.ToString()));
    }

    [Fact]
    public void Leave_the_clean_pairs_as_they_are_and_have_the_same_bytes_for_the_same_seed()
    {
        using var clean = new TempFolder();
        using var one = new TempFolder();
        using var two = new TempFolder();
        using var other = new TempFolder();
        Draw(clean.Path, new SampleOptions { Count = 3, Size = Size, Seed = 5 });
        foreach (var folder in new[] { one, two }) Draw(folder.Path, new SampleOptions { Count = 3, Size = Size, Seed = 5, Defects = [SampleDefect.All] });
        Draw(other.Path, new SampleOptions { Count = 3, Size = Size, Seed = 6, Defects = [SampleDefect.All] });

        Assert.Equal(Bytes(one.Path), Bytes(two.Path));
        Assert.Equal(Bytes(clean.Path), Bytes(one.Path).Where(file => !Path.GetFileName(file.Key).StartsWith("defect-", StringComparison.OrdinalIgnoreCase)));
        string[] texts = ["defect-photo-is-text.jpg", "defect-photo-empty-file.jpg"];
        Assert.DoesNotContain(Bytes(one.Path), file => file.Key.StartsWith("images", StringComparison.Ordinal) && !texts.Contains(Path.GetFileName(file.Key)) && Bytes(other.Path)[file.Key] == file.Value);
    }

    [Fact]
    public void Are_planted_once_each_however_often_they_are_named()
    {
        using var folder = new TempFolder();
        var planted = Draw(folder.Path, new SampleOptions { Count = 1, Size = Size, Defects = [SampleDefect.MaskEmpty, SampleDefect.PhotoIsText, SampleDefect.MaskEmpty] });
        Assert.Equal([SampleDefect.PhotoIsText, SampleDefect.MaskEmpty], planted.Select(p => p.Defect));
        Assert.Equal(6, Bytes(folder.Path).Count);
    }

    [Fact]
    public void Are_not_written_over_files_that_are_there()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["masks"]);
        File.WriteAllText(folder["masks", "defect-mask-empty.jpeg"], "somebody's");
        var options = new SampleOptions { Count = 1, Size = Size, Defects = [SampleDefect.MaskEmpty] };

        Assert.Equal(folder["masks", "defect-mask-empty.jpeg"], Assert.Throws<DatasetException>(() => Draw(folder.Path, options)).Path);
        Assert.Single(Bytes(folder.Path));
        Draw(folder.Path, options with { Defects = [SampleDefect.MaskInverted] });
    }

    private static List<PlantedDefect> Draw(string folder, SampleOptions options)
    {
        var defects = DefectPlanter.Plant(folder, options);
        Assert.Equal(options.Count, SampleDataset.Write(folder, options).Count());
        return [.. defects];
    }

    private static FindingList Inspect(string folder)
    {
        var inspector = new DatasetInspector();
        inspector.Inspect(folder, null, CancellationToken.None);
        return inspector.Report().Findings;
    }

    private static SortedDictionary<string, string> Bytes(string folder) => new(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(folder, path), FileHash.Compute), StringComparer.Ordinal);
}
