using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Tests.Datasets.Facts;

/// <summary>What is kept of a check: it is used while the files are the same, and never wrong.</summary>
public sealed class FactsCacheTests : IDisposable
{
    private static readonly DateTime Long = DateTime.UtcNow.AddDays(-1);
    private readonly DatasetFolder set = new();
    private readonly TempFolder cache = new();

    public FactsCacheTests()
    {
        foreach (int i in Enumerable.Range(0, 70)) set.Pair($"p{i:00}", 150 + i);
        Settle();
    }

    [Fact]
    public void Looks_again_only_at_pairs_whose_files_changed()
    {
        var first = Check();
        Assert.Equal(70, first.Looks);
        var second = Check();
        Assert.Equal(0, second.Looks);
        Assert.Equal(Text(first.Facts), Text(second.Facts));

        set.Pair("p03", 300).Mask("p04.png", 301).Pair("new");
        File.Delete(set["images", "p05.png"]);
        Settle(Long.AddHours(1), "p03", "p04", "new");
        var third = Check();
        Assert.Equal(3, third.Looks);
        Assert.Equal(Text(Uncached()), Text(third.Facts));
        Assert.Equal(0, Check().Looks);
    }

    [Fact]
    public void Keeps_nothing_of_a_file_that_is_too_young_for_its_time_to_tell()
    {
        foreach (string file in Files()) File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(1));
        Settle(Long, "p01");
        Check();
        Assert.Equal(69, Check().Looks);
    }

    [Fact]
    public void Keeps_nothing_of_a_file_that_changes_while_it_is_read()
    {
        var meter = new PairAnalyzer();
        var facts = new FactsCache(cache.Path, set.Path);
        foreach (var pair in Pairs())
        {
            facts.Look(pair, p =>
            {
                var seen = meter.Measure(p);
                if (p.Name == "p07") File.SetLastWriteTimeUtc(p.MaskPath, Long.AddSeconds(5));
                return seen;
            });
        }

        facts.Write(isComplete: true, null);
        Assert.Equal(1, Check().Looks);
    }

    [Fact]
    public void Is_kept_of_a_check_that_was_stopped_though_nobody_may_be_told_any_more()
    {
        var facts = new FactsCache(cache.Path, set.Path);
        foreach (var pair in Pairs().Take(20)) facts.Look(pair, new PairAnalyzer().Measure);
        Assert.Throws<OperationCanceledException>(() => facts.Write(isComplete: false, _ => throw new OperationCanceledException()));
        Assert.Equal(50, Check().Looks);
    }

    [Fact]
    public void Looks_again_at_what_could_not_be_read()
    {
        set.Text("images", "p02.png", "no photo");
        Settle();
        var first = Check();
        var second = Check();
        Assert.Equal(1, second.Looks);
        Assert.NotNull(second.Facts[2].PhotoFault);
        Assert.Equal(Text(first.Facts), Text(second.Facts));
    }

    [Fact]
    public void Sees_what_a_link_leads_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right of their own on Windows");
        string photo = set["images", "p06.png"], elsewhere = cache["elsewhere.png"];
        File.Move(photo, elsewhere);
        File.CreateSymbolicLink(photo, elsewhere);
        Settle();
        Check();
        Assert.Equal(0, Check().Looks);
        File.Copy(set["images", "p00.png"], elsewhere, overwrite: true);
        File.SetLastWriteTimeUtc(elsewhere, Long.AddHours(2));
        Assert.Equal(1, Check().Looks);
    }

    [Fact]
    public void Keeps_what_a_broken_off_check_saw_and_what_it_did_not_reach()
    {
        Check();
        set.Pair("p00", 333);
        Settle(Long.AddHours(1), "p00");
        var facts = new FactsCache(cache.Path, set.Path);
        foreach (var pair in Pairs().Take(5)) facts.Look(pair, new PairAnalyzer().Measure);
        facts.Write(isComplete: false, null);
        Assert.Equal(0, Check().Looks);
    }

    [Fact]
    public void Tells_that_it_cannot_be_written_and_goes_on()
    {
        File.WriteAllText(cache["checks"], "a file where the folder should be");
        var told = new List<string>();
        var inspector = new DatasetInspector(cacheFolder: cache.Path);
        inspector.Inspect(set.Path, null, CancellationToken.None, tell: told.Add);
        Assert.Equal(70, inspector.Report().ValidPairs);
        Assert.Contains(told, t => t.Contains("cannot be kept", StringComparison.Ordinal));
    }

    [Fact]
    public void Takes_no_file_of_another_folder()
    {
        Check();
        using var other = new DatasetFolder();
        foreach (string file in Files()) File.Copy(file, other[Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileName(file)]);
        File.Copy(CacheFile(), cache["checks", FactsFile.NameOf(other.Path)]);
        Assert.Empty(FactsFile.Read(cache["checks", FactsFile.NameOf(other.Path)], other.Path));
        Assert.Equal(70, FactsFile.Read(CacheFile(), set.Path).Count());
    }

    [Fact]
    public void Is_not_harmed_by_another_check_at_the_same_time()
    {
        Parallel.For(0, 6, _ => Check());
        Assert.Equal(0, Check().Looks);
        Assert.Single(Directory.GetFiles(cache["checks"]));
    }

    [Fact]
    public void Gives_the_same_facts_whatever_became_of_its_file()
    {
        Check();
        byte[] sound = File.ReadAllBytes(CacheFile());
        string expected = Text(Uncached());
        var change = from at in Gen.Choose(0, sound.Length - 1)
                     from value in Gen.Choose(1, 255)
                     from kind in Gen.Choose(0, 3)
                     select (at, value, kind);
        int looks = 0;
        Prop.ForAll(change.ArrayOf().ToArbitrary(), changes =>
        {
            byte[] file = [.. sound];
            foreach (var (at, value, kind) in changes)
            {
                int place = Math.Min(at, file.Length - 1);
                if (place < 0) break;
                file = kind switch
                {
                    0 => file[..place],
                    1 => [.. file[..place], (byte)value, .. file[place..]],
                    _ => [.. file[..place], (byte)(file[place] ^ value), .. file[(place + 1)..]],
                };
            }

            File.WriteAllBytes(CacheFile(), file);
            var checkedNow = Check();
            looks += checkedNow.Looks;
            Assert.Equal(expected, Text(checkedNow.Facts));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.True(looks > 0);
    }

    public void Dispose()
    {
        set.Dispose();
        cache.Dispose();
    }

    private (List<PairFacts> Facts, int Looks) Check()
    {
        var meter = new PairAnalyzer();
        var facts = new FactsCache(cache.Path, set.Path);
        int looks = 0;
        var seen = Pairs().Select(pair => facts.Look(pair, p =>
        {
            looks++;
            return meter.Measure(p);
        })).ToList();
        facts.Write(isComplete: true, null);
        return (seen, looks);
    }

    private List<PairFacts> Uncached() => [.. Pairs().Select(new PairAnalyzer().Measure)];

    private IReadOnlyList<SamplePair> Pairs() => DatasetListing.Read(set.Path).Pairs;

    private IEnumerable<string> Files() => Directory.GetFiles(set["images"]).Concat(Directory.GetFiles(set["masks"]));

    private string CacheFile() => cache["checks", FactsFile.NameOf(set.Path)];

    private void Settle() => Settle(Long, "");

    private void Settle(DateTime time, params string[] names)
    {
        foreach (string file in Files().Where(f => names.Any(n => Path.GetFileName(f).StartsWith(n, StringComparison.Ordinal)))) File.SetLastWriteTimeUtc(file, time);
    }

    /// <summary>Every property that there is.</summary>
    private static string Text(List<PairFacts> facts) => JsonSerializer.Serialize(facts);
}
