using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Datasets.Splits;

/// <summary>The stored split, with real files.</summary>
public class SplitStoreTests
{
    private static readonly string One = FileHash.Combine(["1"]), Two = FileHash.Combine(["2"]), Three = FileHash.Combine(["3"]);

    [Fact]
    public void Reads_the_overrides_and_fractions_that_were_written()
    {
        using var folder = new TempFolder();
        SplitOverride[] overrides =
        [
            new(One, SplitReason.Resembles, Two),
            new(One, SplitReason.Resembles, Three),
            new(Two, SplitReason.SetAside, Three),
            new(Three, SplitReason.Repaired, One),
        ];
        SplitStore.Add(folder.Path, overrides);
        SplitStore.Write(folder.Path, new SplitFractions(0.35, 0.15));

        var store = SplitStore.Read(folder.Path);
        Assert.Equal(overrides.ToHashSet(), store.Overrides.ToHashSet());
        Assert.Equal(new SplitFractions(0.35, 0.15), store.Fractions);
        Assert.Equal(0.5, store.Fractions!.Test);
    }

    [Fact]
    public void Adding_the_same_override_again_changes_no_file()
    {
        using var folder = new TempFolder();
        SplitOverride[] overrides = [new(One, SplitReason.Resembles, Two)];
        SplitStore.Add(folder.Path, overrides);
        string file = Assert.Single(Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories));
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        SplitStore.Add(folder.Path, overrides);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
        Assert.Single(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_data_set_without_a_stored_split_has_the_empty_store()
    {
        using var folder = new TempFolder();
        Assert.Same(SplitStore.Empty, SplitStore.Read(folder.Path));
        Assert.Same(SplitStore.Empty, SplitStore.Read(folder["none"]));
    }

    [Theory]
    [InlineData("photos/00/x.json", "")]
    [InlineData("photos/00/x.json", "<<<<<<< HEAD\n{}")]
    [InlineData("photos/00/x.json", "{\"photo\": \"00\", \"because\": \"resembles\", \"of\": \"11\"}")]
    [InlineData("photos/00/x.json", "[]")]
    [InlineData("fractions.json", "{\"train\": 0.9, \"validation\": 0.9, \"test\": 0.1}")]
    [InlineData("fractions.json", "null")]
    [InlineData("fractions.json", "{\"train\": \"much\"}")]
    public void A_damaged_file_is_named(string name, string text)
    {
        using var folder = new TempFolder();
        string path = Path.Combine([SplitFolder.PathFor(folder.Path), .. name.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);

        var error = Assert.Throws<DatasetException>(() => { SplitStore.Read(folder.Path); });
        Assert.Equal(path, error.Path);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(Links.AreMade), SkipType = typeof(Links), Skip = "This system makes no links.")]
    [InlineData(SplitFolder.Name)]
    [InlineData(SplitFolder.Name, SplitFolder.FractionsFile)]
    [InlineData(SplitFolder.Name, SplitFolder.OverridesFolder)]
    public void A_broken_link_is_an_error_and_not_a_missing_file(params string[] name)
    {
        using var folder = new TempFolder();
        string path = folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Links.File(path, folder["none"]);
        Assert.Throws<DatasetException>(() => { SplitStore.Read(folder.Path); });
    }

    [Fact]
    public void A_file_instead_of_the_folder_is_an_error()
    {
        using var folder = new TempFolder();
        File.WriteAllText(SplitFolder.PathFor(folder.Path), "");
        Assert.Throws<DatasetException>(() => { SplitStore.Read(folder.Path); });
    }

    [Fact]
    public void Any_text_is_parsed_or_is_a_FormatException() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
    {
        try
        {
            var read = SplitOverride.Parse(text ?? "");
            Assert.Equal(read, SplitOverride.Parse(read.Text));
        }
        catch (FormatException)
        {
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Changed_text_is_refused_or_has_two_valid_hashes() => Prop.ForAll(
        Gen.Choose(0, 170).ToArbitrary(), Gen.Choose(32, 126).ToArbitrary(), (position, value) =>
    {
        char[] text = new SplitOverride(One, SplitReason.SetAside, Two).Text.ToCharArray();
        text[position % text.Length] = (char)value;
        try
        {
            var read = SplitOverride.Parse(new string(text));
            Assert.Equal((64, 64), (read.Photo.Length, read.Other.Length));
        }
        catch (FormatException)
        {
        }
    }).QuickCheckThrowOnFailure();
}
