using System.Text.Json;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Evaluation.Ledger;

public sealed class FileDecisionLedgerTests : IDisposable
{
    private static readonly string One = new('1', 64), Other = new string('1', 16) + new string('2', 48); // in the same folder
    private readonly TempFolder data = new();
    private readonly FileDecisionLedger ledger;

    public FileDecisionLedgerTests() => ledger = new FileDecisionLedger(data.Path);

    public void Dispose() => data.Dispose();

    [Fact]
    public void Counts_a_repeated_question_once()
    {
        Assert.Equal(1, ledger.Record(Entry("a")).Decisions);
        var again = Entry("a") with { Time = DateTime.UnixEpoch.AddDays(1), ModuleVersion = "2", Passed = true };
        Assert.Equal(1, ledger.Record(again).Decisions);
        Assert.Equal(2, ledger.Record(Entry("b")).Decisions);
        Assert.Equal(1, ledger.Record(Entry("a") with { Test = Other }).Decisions);
        Assert.Equal(2, ledger.Record(Entry("a")).Decisions);
    }

    [Fact]
    public void Another_model_mask_or_option_is_another_question()
    {
        var first = Entry("a");
        LedgerEntry[] others =
        [
            first with { Candidate = "b" }, first with { Baseline = "b" }, first with { Baseline = null }, first with { Masks = "b" },
            first with { Precision = Precision.BFloat16 },
            .. new GateOptions[]
            {
                new() { Policy = GatePolicy.Strict }, new() { Alpha = 0.05 }, new() { Margin = 0.02 }, new() { MinimumDice = 0 },
                new() { MinimumPhotos = 99 }, new() { Seed = 2 }, new() { Resamples = 2000 },
            }.Select(options => first with { Options = options }),
        ];
        string[] questions = [first.Question, .. others.Select(o => o.Question)];
        Assert.Equal(questions.Length, questions.Distinct().Count());
        var otherAnswer = first with
        {
            Verdict = ComparisonVerdict.Superior,
            Difference = 1,
            Options = new GateOptions { AllowUnknownProvenance = true },
        };
        Assert.Equal(first.Question, otherAnswer.Question);
    }

    [Fact]
    public void Computes_the_same_digest_of_a_question_as_earlier_versions() =>
        Assert.Equal("9c6845e4dcdc121b87d319552f4efa9819339e24691a544a9529b293cf21b886", Entry("a").Question);

    [Fact]
    public void Writes_each_decision_to_a_small_JSON_file_of_its_own()
    {
        var count = ledger.Record(Entry("a"));
        Assert.Equal(data["split", "decisions", One[..16]], Path.GetDirectoryName(count.Path));
        Assert.Matches(@"^20260203T040506007-[0-9a-f]{8}\.json$", Path.GetFileName(count.Path));
        Assert.InRange(new FileInfo(count.Path).Length, 200, 4000);
        using var json = JsonDocument.Parse(File.ReadAllText(count.Path));
        var root = json.RootElement;
        Assert.Equal(
            (One, "NonInferior", "Superior", 0.25),
            (root.GetProperty("test").GetString(), root.GetProperty("verdict").GetString(),
                root.GetProperty("options").GetProperty("policy").GetString(), root.GetProperty("difference").GetDouble()));
        Assert.DoesNotContain(data.Path, File.ReadAllText(count.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_every_entry_of_many_writers_and_leaves_no_other_files()
    {
        const int Writers = 64;
        int[] counts = new int[Writers];
        Parallel.For(
            0, Writers, new ParallelOptions { MaxDegreeOfParallelism = 16 },
            i => counts[i] = new FileDecisionLedger(data.Path).Record(Entry($"c{i}")).Decisions);
        Assert.All(counts, count => Assert.InRange(count, 1, Writers));
        string[] files = Directory.GetFiles(data["split", "decisions", One[..16]]);
        Assert.Equal(Writers, files.Length);
        Assert.All(files, file => Assert.EndsWith(".json", file, StringComparison.Ordinal));
        Assert.Equal(Writers, ledger.Record(Entry("c0")).Decisions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"test": 3, "question": "x"}""")]
    [InlineData("""{"test": "1", "question": null}""")]
    [InlineData("<<<<<<< HEAD\n{\n")]
    public void Reports_a_damaged_file_and_does_not_count_it(string text)
    {
        string good = ledger.Record(Entry("a")).Path, bad = Path.Combine(Path.GetDirectoryName(good)!, "20200101T000000000-00000000.json");
        File.WriteAllText(bad, text);
        var count = ledger.Record(Entry("b"));
        Assert.Equal(2, count.Decisions);
        Assert.Equal([bad], count.Damaged);
        Assert.Equal(text, File.ReadAllText(bad));
    }

    [Fact]
    public void Treats_truncated_and_oversized_files_as_damaged()
    {
        string first = ledger.Record(Entry("a")).Path, second = ledger.Record(Entry("b")).Path;
        File.WriteAllBytes(first, File.ReadAllBytes(first)[..^20]);
        using (var stream = File.OpenWrite(second)) stream.SetLength(2 << 20);
        var count = ledger.Record(Entry("c"));
        Assert.Equal((1, 2), (count.Decisions, count.Damaged.Count));
    }

    [Fact]
    public void Ignores_other_files_and_folders()
    {
        string folder = Path.GetDirectoryName(ledger.Record(Entry("a")).Path)!;
        File.WriteAllText(Path.Combine(folder, "README.md"), "a note");
        Directory.CreateDirectory(Path.Combine(folder, "folder.json"));
        var count = ledger.Record(Entry("b"));
        Assert.Equal((2, 0), (count.Decisions, count.Damaged.Count));
    }

    [Theory]
    [InlineData("split")]
    [InlineData("split", "decisions")]
    [InlineData("split", "decisions", "1111111111111111")]
    public void Fails_with_the_path_when_a_file_blocks_the_folder(params string[] blocked)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(data[blocked])!);
        File.WriteAllText(data[blocked], "a file instead of a folder");
        var failure = Assert.Throws<DatasetException>(() => ledger.Record(Entry("a")));
        Assert.Equal(data["split", "decisions", One[..16]], failure.Path);
        Assert.Contains(failure.Path, failure.Message, StringComparison.Ordinal);
    }

    private static LedgerEntry Entry(string candidate) => new()
    {
        Test = One, Masks = "m", Candidate = candidate, Baseline = "base",
        Time = new DateTime(2026, 2, 3, 4, 5, 6, 7, DateTimeKind.Utc), Precision = Precision.Float32, Options = new GateOptions(),
        Verdict = ComparisonVerdict.NonInferior, Passed = false, Photos = 120, Difference = 0.25, Lower = 0.1, Upper = 0.4,
        ModuleVersion = "1",
    };
}
