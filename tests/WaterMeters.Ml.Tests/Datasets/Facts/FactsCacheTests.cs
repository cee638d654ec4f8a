using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Tests.Datasets.Facts;

/// <summary>The cache is used while files are unchanged, and never returns wrong facts.</summary>
public sealed class FactsCacheTests : IDisposable
{
    private static readonly DateTime Earlier = DateTime.UtcNow.AddDays(-1);
    private readonly DatasetFolder set = new();
    private readonly TempFolder cache = new();

    public FactsCacheTests()
    {
        foreach (int i in Enumerable.Range(0, 70)) set.Pair($"p{i:00}", 150 + i);
        Settle();
    }

    [Fact]
    public void Measures_only_pairs_whose_files_changed()
    {
        var first = Check();
        Assert.Equal(70, first.Measured);
        var second = Check();
        Assert.Equal(0, second.Measured);
        Assert.Equal(Text(first.Facts), Text(second.Facts));

        set.Pair("p03", 300).Mask("p04.png", 301).Pair("new");
        File.Delete(set["images", "p05.png"]);
        Settle(Earlier.AddHours(1), "p03", "p04", "new");
        var third = Check();
        Assert.Equal(3, third.Measured);
        Assert.Equal(Text(Uncached()), Text(third.Facts));
        Assert.Equal(0, Check().Measured);
    }

    [Fact]
    public void Does_not_cache_a_file_that_was_written_just_now()
    {
        foreach (string file in Files()) File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(1));
        Settle(Earlier, "p01");
        Check();
        Assert.Equal(69, Check().Measured);
    }

    [Fact]
    public void Does_not_cache_a_file_that_changes_while_it_is_read()
    {
        var analyzer = new PairAnalyzer();
        var facts = new FactsCache(cache.Path, set.Path);
        foreach (var pair in Pairs())
        {
            facts.GetOrMeasure(pair, p =>
            {
                var measured = analyzer.Measure(p);
                if (p.Name == "p07") File.SetLastWriteTimeUtc(p.MaskPath, Earlier.AddSeconds(5));
                return measured;
            });
        }

        facts.Write(isComplete: true, null);
        Assert.Equal(1, Check().Measured);
    }

    [Fact]
    public void Is_written_after_a_cancelled_check_although_the_callback_throws()
    {
        var facts = new FactsCache(cache.Path, set.Path);
        foreach (var pair in Pairs().Take(20)) facts.GetOrMeasure(pair, new PairAnalyzer().Measure);
        Assert.Throws<OperationCanceledException>(() => facts.Write(isComplete: false, _ => throw new OperationCanceledException()));
        Assert.Equal(50, Check().Measured);
    }

    [Fact]
    public void Measures_unreadable_files_again()
    {
        set.Text("images", "p02.png", "no photo");
        Settle();
        var first = Check();
        var second = Check();
        Assert.Equal(1, second.Measured);
        Assert.NotNull(second.Facts[2].PhotoFault);
        Assert.Equal(Text(first.Facts), Text(second.Facts));
    }

    [Fact(SkipUnless = nameof(Links.AreMade), SkipType = typeof(Links), Skip = "This system makes no links.")]
    public void Follows_links()
    {
        string photo = set["images", "p06.png"], elsewhere = cache["elsewhere.png"];
        File.Move(photo, elsewhere);
        Links.File(photo, elsewhere);
        Settle();
        Check();
        Assert.Equal(0, Check().Measured);
        File.Copy(set["images", "p00.png"], elsewhere, overwrite: true);
        File.SetLastWriteTimeUtc(elsewhere, Earlier.AddHours(2));
        Assert.Equal(1, Check().Measured);
    }

    [Fact]
    public void Keeps_the_entries_that_an_interrupted_check_measured_and_those_it_did_not_reach()
    {
        Check();
        set.Pair("p00", 333);
        Settle(Earlier.AddHours(1), "p00");
        var facts = new FactsCache(cache.Path, set.Path);
        foreach (var pair in Pairs().Take(5)) facts.GetOrMeasure(pair, new PairAnalyzer().Measure);
        facts.Write(isComplete: false, null);
        Assert.Equal(0, Check().Measured);
    }

    [Fact]
    public void Reports_that_it_cannot_be_written_and_continues()
    {
        File.WriteAllText(cache["checks"], "a file where the folder should be");
        var messages = new List<string>();
        var inspector = new DatasetInspector(Findings.OfFewPairs, cacheFolder: cache.Path);
        inspector.Inspect(set.Path, null, CancellationToken.None, verbose: messages.Add);
        Assert.Equal(70, inspector.Report().ValidPairs);
        Assert.Contains(messages, m => m.Contains("Cannot write the cache", StringComparison.Ordinal));
    }

    [Fact]
    public void Ignores_the_cache_of_another_folder()
    {
        Check();
        using var other = new DatasetFolder();
        foreach (string file in Files()) File.Copy(file, other[Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileName(file)]);
        File.Copy(CacheFile(), cache["checks", FactsFile.NameFor(other.Path)]);
        Assert.Empty(FactsFile.Read(cache["checks", FactsFile.NameFor(other.Path)], other.Path));
        Assert.Equal(70, FactsFile.Read(CacheFile(), set.Path).Count());
    }

    [Fact]
    public void Survives_several_checks_at_the_same_time()
    {
        Parallel.For(0, 6, _ => Check());
        Assert.Equal(0, Check().Measured);
        Assert.Single(Directory.GetFiles(cache["checks"]));
    }

    [Fact]
    public void Returns_correct_facts_however_its_file_is_damaged()
    {
        Check();
        byte[] sound = File.ReadAllBytes(CacheFile());
        string expected = Text(Uncached());
        var change = from at in Gen.Choose(0, sound.Length - 1)
                     from value in Gen.Choose(1, 255)
                     from kind in Gen.Choose(0, 3)
                     select (at, value, kind);
        int measured = 0;
        Prop.ForAll(change.ArrayOf().ToArbitrary(), changes =>
        {
            byte[] file = [.. sound];
            foreach (var (at, value, kind) in changes)
            {
                int position = Math.Min(at, file.Length - 1);
                if (position < 0) break;
                file = kind switch
                {
                    0 => file[..position],
                    1 => [.. file[..position], (byte)value, .. file[position..]],
                    _ => [.. file[..position], (byte)(file[position] ^ value), .. file[(position + 1)..]],
                };
            }

            File.WriteAllBytes(CacheFile(), file);
            var checkedNow = Check();
            measured += checkedNow.Measured;
            Assert.Equal(expected, Text(checkedNow.Facts));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.True(measured > 0);
    }

    public void Dispose()
    {
        set.Dispose();
        cache.Dispose();
    }

    private (List<PairFacts> Facts, int Measured) Check()
    {
        var analyzer = new PairAnalyzer();
        var facts = new FactsCache(cache.Path, set.Path);
        int measured = 0;
        var read = Pairs().Select(pair => facts.GetOrMeasure(pair, p =>
        {
            measured++;
            return analyzer.Measure(p);
        })).ToList();
        facts.Write(isComplete: true, null);
        return (read, measured);
    }

    private List<PairFacts> Uncached() => [.. Pairs().Select(new PairAnalyzer().Measure)];

    private IReadOnlyList<SamplePair> Pairs() => DatasetListing.Read(set.Path).Pairs;

    private IEnumerable<string> Files() => Directory.GetFiles(set["images"]).Concat(Directory.GetFiles(set["masks"]));

    private string CacheFile() => cache["checks", FactsFile.NameFor(set.Path)];

    private void Settle() => Settle(Earlier, "");

    private void Settle(DateTime time, params string[] names)
    {
        foreach (string file in Files().Where(f => names.Any(n => Path.GetFileName(f).StartsWith(n, StringComparison.Ordinal))))
        {
            File.SetLastWriteTimeUtc(file, time);
        }
    }

    /// <summary>Serializes all properties, for comparison.</summary>
    private static string Text(List<PairFacts> facts) => JsonSerializer.Serialize(facts);
}
