using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Samples.Defects;
using WaterMeters.Ml.Tests.Datasets;

namespace WaterMeters.Ml.Tests.Samples.Defects;

public class DefectTests
{
    private const int Size = 128;

    /// <summary>Checks of a whole data set; they cannot be planted in a pair.</summary>
    private static readonly DatasetCheck[] DatasetChecks = [DatasetCheck.NoDataset, DatasetCheck.NoPhotos, DatasetCheck.OtherFormat];

    /// <summary>Checks that need a trained model, tested in SuspectMaskFinderTests.</summary>
    private static readonly DatasetCheck[] ModelChecks = [DatasetCheck.MaskSuspect];

    /// <summary>Checks of a stored split.</summary>
    private static readonly DatasetCheck[] SplitChecks =
        [DatasetCheck.SplitUnreadable, DatasetCheck.SplitDisputed, DatasetCheck.PartTooSmall];

    /// <summary>Checks of names that some file systems do not keep as they are written, tested in PairNameTests.</summary>
    private static readonly DatasetCheck[] NameChecks = [DatasetCheck.NameForm];

    public static TheoryData<SampleDefect> Defects => [.. Enum.GetValues<SampleDefect>().Where(defect => defect != SampleDefect.All)];

    [Fact]
    public void Has_a_row_for_every_defect_and_a_defect_for_every_check()
    {
        var defects = Enum.GetValues<SampleDefect>().Where(defect => defect != SampleDefect.All);
        var checks = Enum.GetValues<DatasetCheck>().Except(DatasetChecks).Except(ModelChecks).Except(SplitChecks).Except(NameChecks);

        Assert.Equal(defects, DefectTable.Kinds.Select(kind => kind.Defect));
        Assert.Equal(checks.Order(), DefectTable.Kinds.Select(kind => kind.Check).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Defects))]
    public void Plants_a_defect_that_only_its_check_finds(SampleDefect defect)
    {
        using var folder = new TempFolder();
        // Outliers are only found among many other masks.
        int count = defect is SampleDefect.MaskOfWholeMeter or SampleDefect.MaskLine ? 40 : 1;
        var planted = Assert.Single(Draw(folder.Path, new SampleOptions { Count = count, Size = Size, Defects = [defect] }));
        var finding = Assert.Single(Inspect(folder.Path));

        Assert.Equal(
            (planted.Check, planted.Severity, planted.Name, planted.Path),
            (finding.Check, finding.Severity, finding.Name, finding.Path));
        Assert.Equal(defect, planted.Defect);
        Assert.StartsWith("defect-", planted.Name, StringComparison.Ordinal);
        Assert.True(File.Exists(planted.Path));
    }

    [Theory]
    [InlineData(Size, 0)]
    [InlineData(Size, 1)]
    [InlineData(200, 2)]
    [InlineData(640, 3)]
    public void Plants_all_defects_at_once_and_only_these_are_found(int size, int seed)
    {
        using var folder = new TempFolder();
        var planted = Draw(folder.Path, new SampleOptions { Count = 4, Size = size, Seed = seed, Defects = [SampleDefect.All] });
        Assert.Equal(DefectTable.Kinds.Count, planted.Count);
        Assert.Equal(
            planted.Select(p => $"{p.Check} {p.Severity} {p.Path}").Order(StringComparer.Ordinal),
            Inspect(folder.Path).Select(f => $"{f.Check} {f.Severity} {f.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Finds_a_missing_data_set_and_missing_photos()
    {
        using var folder = new TempFolder();
        Assert.Equal("NoDataset", Assert.Single(Inspect(folder.Path)).Check);
        Directory.CreateDirectory(folder["images"]);
        Directory.CreateDirectory(folder["masks"]);
        Assert.Equal("NoPhotos", Assert.Single(Inspect(folder.Path)).Check);
        Assert.Equal(["NoDataset", "NoPhotos", "OtherFormat"], DatasetChecks.Select(check => check.ToString()));
    }

    [Fact]
    public void Keeps_the_clean_pairs_and_writes_the_same_bytes_for_the_same_seed()
    {
        using var clean = new TempFolder();
        using var one = new TempFolder();
        using var two = new TempFolder();
        using var other = new TempFolder();
        Draw(clean.Path, new SampleOptions { Count = 3, Size = Size, Seed = 5 });
        foreach (var folder in new[] { one, two })
        {
            Draw(folder.Path, new SampleOptions { Count = 3, Size = Size, Seed = 5, Defects = [SampleDefect.All] });
        }

        Draw(other.Path, new SampleOptions { Count = 3, Size = Size, Seed = 6, Defects = [SampleDefect.All] });

        Assert.Equal(Bytes(one.Path), Bytes(two.Path));
        Assert.Equal(Bytes(clean.Path), Bytes(one.Path).Where(file => !IsDefect(file.Key)));
        string[] constant = ["defect-photo-is-text.jpg", "defect-photo-empty-file.jpg"];
        var photos = Bytes(one.Path)
            .Where(file => file.Key.StartsWith("images", StringComparison.Ordinal) && !constant.Contains(Path.GetFileName(file.Key)));
        Assert.DoesNotContain(photos, file => Bytes(other.Path)[file.Key] == file.Value);

        static bool IsDefect(string path) => Path.GetFileName(path).StartsWith("defect-", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Plants_each_defect_once_even_if_named_twice()
    {
        using var folder = new TempFolder();
        SampleDefect[] defects = [SampleDefect.MaskEmpty, SampleDefect.PhotoIsText, SampleDefect.MaskEmpty];
        var planted = Draw(folder.Path, new SampleOptions { Count = 1, Size = Size, Defects = defects });
        Assert.Equal([SampleDefect.PhotoIsText, SampleDefect.MaskEmpty], planted.Select(p => p.Defect));
        Assert.Equal(6, Bytes(folder.Path).Count);
    }

    [Fact]
    public void Does_not_overwrite_existing_files()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["masks"]);
        File.WriteAllText(folder["masks", "defect-mask-empty.jpeg"], "existing");
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

    private static FindingList Inspect(string folder) => Findings.In(folder);

    private static SortedDictionary<string, string> Bytes(string folder) => new(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(folder, path), FileHash.Compute),
        StringComparer.Ordinal);
}
