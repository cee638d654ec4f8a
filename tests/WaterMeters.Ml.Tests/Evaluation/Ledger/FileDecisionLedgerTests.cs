using System.Text.Json;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Evaluation.Ledger;

public sealed class FileDecisionLedgerTests : IDisposable
{
    private static readonly string One = new('1', 64), Other = new string('1', 16) + new string('2', 48); // of one folder
    private readonly TempFolder data = new();
    private readonly FileDecisionLedger ledger;

    public FileDecisionLedgerTests() => ledger = new FileDecisionLedger(data.Path);

    public void Dispose() => data.Dispose();

    [Fact]
    public void Counts_questions_and_not_how_often_they_were_asked()
    {
        Assert.Equal(1, ledger.Enter(Entry("a")).Decisions);
        Assert.Equal(1, ledger.Enter(Entry("a") with { Time = DateTime.UnixEpoch.AddDays(1), ModuleVersion = "2", Passed = true }).Decisions);
        Assert.Equal(2, ledger.Enter(Entry("b")).Decisions);
        Assert.Equal(1, ledger.Enter(Entry("a") with { Test = Other }).Decisions);
        Assert.Equal(2, ledger.Enter(Entry("a")).Decisions);
    }

    [Fact]
    public void Anything_that_changes_what_is_asked_is_another_question()
    {
        var first = Entry("a");
        LedgerEntry[] others =
        [
            first with { Candidate = "b" }, first with { Baseline = "b" }, first with { Baseline = null }, first with { Masks = "b" }, first with { Precision = Precision.BFloat16 },
            .. new GateOptions[]
            {
                new() { Policy = GatePolicy.Strict }, new() { Alpha = 0.05 }, new() { Margin = 0.02 }, new() { MinimumDice = 0 }, new() { MinimumPhotos = 99 }, new() { Seed = 2 }, new() { Resamples = 2000 },
            }.Select(options => first with { Options = options }),
        ];
        string[] questions = [first.Question, .. others.Select(o => o.Question)];
        Assert.Equal(questions.Length, questions.Distinct().Count());
        Assert.Equal(first.Question, (first with { Verdict = ComparisonVerdict.Superior, Difference = 1, Options = new GateOptions { AllowUnknownProvenance = true } }).Question);
    }

    [Fact]
    public void Each_decision_is_a_small_file_of_its_own_that_a_program_can_read()
    {
        var count = ledger.Enter(Entry("a"));
        Assert.Equal(data["split", "decisions", One[..16]], Path.GetDirectoryName(count.Path));
        Assert.Matches(@"^20260203T040506007-[0-9a-f]{8}\.json$", Path.GetFileName(count.Path));
        Assert.InRange(new FileInfo(count.Path).Length, 200, 4000);
        using var json = JsonDocument.Parse(File.ReadAllText(count.Path));
        Assert.Equal((One, "NonInferior", "Superior", 0.25), (
            json.RootElement.GetProperty("test").GetString(), json.RootElement.GetProperty("verdict").GetString(),
            json.RootElement.GetProperty("options").GetProperty("policy").GetString(), json.RootElement.GetProperty("difference").GetDouble()));
        Assert.DoesNotContain(data.Path, File.ReadAllText(count.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_writers_at_once_lose_nothing_and_leave_nothing_else()
    {
        const int Writers = 64;
        int[] counts = new int[Writers];
        Parallel.For(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => counts[i] = new FileDecisionLedger(data.Path).Enter(Entry($"c{i}")).Decisions);
        Assert.All(counts, count => Assert.InRange(count, 1, Writers));
        string[] files = Directory.GetFiles(data["split", "decisions", One[..16]]);
        Assert.Equal(Writers, files.Length);
        Assert.All(files, file => Assert.EndsWith(".json", file, StringComparison.Ordinal));
        Assert.Equal(Writers, ledger.Enter(Entry("c0")).Decisions);
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
    public void A_damaged_file_is_named_and_not_counted(string text)
    {
        string good = ledger.Enter(Entry("a")).Path, bad = Path.Combine(Path.GetDirectoryName(good)!, "20200101T000000000-00000000.json");
        File.WriteAllText(bad, text);
        var count = ledger.Enter(Entry("b"));
        Assert.Equal(2, count.Decisions);
        Assert.Equal([bad], count.Damaged);
        Assert.Equal(text, File.ReadAllText(bad));
    }

    [Fact]
    public void A_file_that_is_cut_off_is_damaged_and_one_too_long_is_not_read()
    {
        string first = ledger.Enter(Entry("a")).Path, second = ledger.Enter(Entry("b")).Path;
        File.WriteAllBytes(first, File.ReadAllBytes(first)[..^20]);
        using (var stream = File.OpenWrite(second)) stream.SetLength(2 << 20);
        var count = ledger.Enter(Entry("c"));
        Assert.Equal((1, 2), (count.Decisions, count.Damaged.Count));
    }

    [Fact]
    public void What_lies_about_is_left_alone()
    {
        string folder = Path.GetDirectoryName(ledger.Enter(Entry("a")).Path)!;
        File.WriteAllText(Path.Combine(folder, "README.md"), "a note");
        Directory.CreateDirectory(Path.Combine(folder, "folder.json"));
        var count = ledger.Enter(Entry("b"));
        Assert.Equal((2, 0), (count.Decisions, count.Damaged.Count));
    }

    [Theory]
    [InlineData("split")]
    [InlineData("split", "decisions")]
    [InlineData("split", "decisions", "1111111111111111")]
    public void A_ledger_that_has_no_room_is_an_error_that_names_it(params string[] blocked)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(data[blocked])!);
        File.WriteAllText(data[blocked], "a file where a folder is to be");
        var failure = Assert.Throws<DatasetException>(() => ledger.Enter(Entry("a")));
        Assert.Equal(data["split", "decisions", One[..16]], failure.Path);
        Assert.Contains(failure.Path, failure.Message, StringComparison.Ordinal);
    }

    private static LedgerEntry Entry(string candidate) => new()
    {
        Test = One, Masks = "m", Candidate = candidate, Baseline = "base", Time = new DateTime(2026, 2, 3, 4, 5, 6, 7, DateTimeKind.Utc), Precision = Precision.Float32,
        Options = new GateOptions(), Verdict = ComparisonVerdict.NonInferior, Passed = false, Photos = 120, Difference = 0.25, Lower = 0.1, Upper = 0.4, ModuleVersion = "1",
    };
}
