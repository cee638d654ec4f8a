using System.Globalization;
using System.Text;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.ModelReports;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.ModelReports;

public class MarkdownReportTests
{
    [Fact]
    public void Starts_with_the_table_of_the_legacy_pipeline_and_the_verdict()
    {
        string[] lines = MarkdownReport.Render(ReportSamples.Both).Split('\n');
        Assert.Equal(
            [
                "| Metric | New model | Production | Change |", "| --- | ---: | ---: | ---: |", "| Dice | 0.9123 | 0.9000 | +0.0123 |",
                "| IoU | 0.8500 | 0.8400 | +0.0100 |", "| Hausdorff distance, pixels of the model's input | 3.3 | 4.0 | -0.7 |",
            ],
            lines.Take(5).ToArray());
        Assert.Contains("| Windows missed (2 by both models) | 3 | 5 | -2 |", lines);
        Assert.Contains("**Passed: The new model is better.** +0.0123 Dice: better.", lines);
        Assert.Contains("Flags: <code>BaselineFindsNothing</code>, <code>TestUsedOften</code>", lines);
        Assert.Contains("| 95% confidence interval | +0.0010 to +0.0200 |", lines);
        Assert.Contains("| p-value, one-sided | 0.0004 (at most 0.025 counts as better) |", lines);
        Assert.Contains("| Dark | 30 | +0.0100 | -0.0100 to +0.0300 |", lines);
        Assert.Contains("| Blurred | 0 | – | – |", lines);
        Assert.Contains("This test has made 4 decisions, including this one.", lines);
        Assert.Contains("| <code>missed</code> | 0.0000 | 0.8000 | -0.8000 | new model |  |", lines);
        Assert.Contains("| <code>lost</code> | 0.3000 | 0.8000 | -0.5000 |  | dark |", lines);
        Assert.Contains(lines, line => line.StartsWith("| <code>new</code> | 7 | 64x2x8, 128x1x4 | 3 | 3 |", StringComparison.Ordinal));
        Assert.Contains("| <code>new</code> | 7 | 0.9100 | 0.8400 | 0.9000 | 0.8300 | – |", lines);
    }

    [Fact]
    public void Without_a_baseline_its_values_are_dashes()
    {
        var alone = ReportSamples.Comparison with
        {
            Verdict = ComparisonVerdict.NoBaseline,
            Passed = false,
            Baseline = null,
            BaselineDigest = null,
            BaselineDice = null,
            DiceDifference = null,
            BaselineIoU = null,
            IoUDifference = null,
            BaselineHausdorff = null,
            HausdorffDifference = null,
            BaselineWorstTenthDice = null,
        };
        string text = MarkdownReport.Render(new ReportContents { Comparison = alone });
        Assert.StartsWith(
            "| Metric | New model | Production | Change |\n| --- | ---: | ---: | ---: |\n| Dice | 0.9123 | – | – |\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains("**Not passed: There is no model in production to compare with.**", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Slice", text, StringComparison.Ordinal);
        Assert.DoesNotContain("p-value", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_the_same_in_every_culture()
    {
        string expected = MarkdownReport.Render(ReportSamples.Both), json = JsonReport.Render(ReportSamples.Both);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("pl-PL");
            Assert.Equal((expected, json), (MarkdownReport.Render(ReportSamples.Both), JsonReport.Render(ReportSamples.Both)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Encodes_names_in_tables()
    {
        int rows = Rows(MarkdownReport.Render(Named("x"))).Count;
        foreach (string hostile in HtmlDocument.Hostile.Concat(["a\\|b", "``|``", "x\n| y | z |", "@team", "</code><img src=x>"]))
        {
            string text = MarkdownReport.Render(Named(hostile));
            Assert.Equal(rows, Rows(text).Count);
            string tags = text.Replace("<code>", "", StringComparison.Ordinal).Replace("</code>", "", StringComparison.Ordinal);
            Assert.True(tags.IndexOfAny(['<', '>', '`', '@']) < 0, hostile);
        }

        // Every row must have as many cells as the header above it.
        static List<string> Rows(string text)
        {
            var rows = text.Split('\n').Where(line => line.StartsWith('|')).ToList();
            int columns = 0;
            foreach (var (number, row) in rows.Index())
            {
                bool isHeader = number + 1 < rows.Count && rows[number + 1].StartsWith("| ---", StringComparison.Ordinal);
                if (isHeader) columns = row.Count(letter => letter == '|');
                Assert.Equal(columns, row.Count(letter => letter == '|'));
            }

            return rows;
        }

        static ReportContents Named(string name) => new()
        {
            Comparison = ReportSamples.Comparison with
            {
                Candidate = name,
                Baseline = name,
                DataPath = name,
                Reason = $"It is '{name}'.",
                LedgerNote = $"See {name}.",
            },
            Photos = [ReportSamples.Photo(name, 0.1, 0.9)],
            Trainings = [ReportSamples.Training with { OutputPath = name, ModuleVersion = name }],
        };
    }

    [Fact]
    public void Stays_far_below_the_limit_of_a_step_summary()
    {
        string name = new('|', 2000);
        var contents = new ReportContents
        {
            Comparison = ReportSamples.Comparison with { Candidate = name, Baseline = name, Reason = name + name },
            Photos = [.. Enumerable.Range(0, 5_000).Select(i => ReportSamples.Photo(name + i, 0.1, 0.9))],
            Trainings = [.. Enumerable.Repeat(ReportSamples.Training with { OutputPath = name, ModuleVersion = name }, 1000)],
        };
        string text = MarkdownReport.Render(contents);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1000, 800_000);
        Assert.Contains("Photos on which the new model is worse (10 of 5,000)", text, StringComparison.Ordinal);
        Assert.Contains("(100 of 1,000 trainings)", text, StringComparison.Ordinal);
    }
}
