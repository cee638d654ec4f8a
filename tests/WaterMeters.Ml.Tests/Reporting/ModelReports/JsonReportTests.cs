using System.Text.Json;
using WaterMeters.Ml.Reporting.ModelReports;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.ModelReports;

public class JsonReportTests
{
    private static readonly TrainingResult Result =
        new() { ModelPath = "", OutputPath = "", DataPath = "", CheckpointPath = "", MetricsPath = "" };

    [Fact]
    public void Writes_every_property_in_snake_case()
    {
        using var json = JsonDocument.Parse(JsonReport.Render(ReportSamples.Both));
        var comparison = json.RootElement.GetProperty("comparison");
        Assert.Equal(typeof(ModelComparison).GetProperties().Length, comparison.EnumerateObject().Count());
        Assert.Equal(("Superior", true), (comparison.GetProperty("verdict").GetString(), comparison.GetProperty("passed").GetBoolean()));
        Assert.Equal(
            [0.85, 0.0004, 12.5], new[] { "candidate_iou", "p_value", "seconds" }.Select(key => comparison.GetProperty(key).GetDouble()));
        var flags = comparison.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString());
        Assert.Equal(["BaselineFindsNothing", "TestUsedOften"], flags);
        Assert.Equal(JsonValueKind.Null, comparison.GetProperty("minimum_dice").ValueKind);

        var photos = json.RootElement.GetProperty("photos").EnumerateArray().ToList();
        Assert.Equal(["gained", "lost", "missed", "same"], photos.Select(photo => photo.GetProperty("name").GetString()));
        Assert.Equal(typeof(ImageComparison).GetProperties().Length, photos[0].EnumerateObject().Count());

        var training = json.RootElement.GetProperty("trainings").EnumerateArray().Single();
        Assert.Equal("64x2x8, 128x1x4", training.GetProperty("stages").GetString());
        Assert.Equal((7, 0.9), (training.GetProperty("seed").GetInt32(), training.GetProperty("test_dice").GetDouble()));
        Assert.Equal(JsonValueKind.Null, training.GetProperty("test_hausdorff").ValueKind);
        var epoch = training.GetProperty("epochs").EnumerateArray().Last();
        Assert.Equal(
            [3, 128, 0.5, 2, 0.5],
            new[] { "epoch", "size", "training_loss", "seconds", "val_dice" }.Select(key => epoch.GetProperty(key).GetDouble()));
    }

    [Fact]
    public void Keys_have_only_lower_case_letters_digits_and_underscores()
    {
        using var json = JsonDocument.Parse(JsonReport.Render(ReportSamples.Both));
        Assert.All(Keys(json.RootElement), key => Assert.Matches("^[a-z0-9_]+$", key));

        static IEnumerable<string> Keys(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Keys(property.Value).Prepend(property.Name)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Keys),
            _ => [],
        };
    }

    [Fact]
    public void Step_outputs_are_invariant_and_a_training_without_a_comparison_does_not_pass()
    {
        Assert.Equal(
            "passed=true verdict=Superior dice=0.9123 iou=0.85 baseline_dice=0.9 baseline_iou=0.84 version=aaaaaaaaaaaa",
            Outputs(ReportSamples.Both));
        Assert.Equal(
            "passed=false verdict= dice=0.9 iou=0.83 baseline_dice= baseline_iou= version=",
            Outputs(new ReportContents { Trainings = [ReportSamples.Training] }));

        static string Outputs(ReportContents contents) =>
            string.Join(" ", StepOutputs.Create(contents).Select(output => $"{output.Key}={output.Value}"));
    }

    [Theory]
    [InlineData(true, ComparisonVerdict.Superior, "true", "Superior")]
    [InlineData(false, ComparisonVerdict.NoBaseline, "false", "NoBaseline")]
    [InlineData(null, null, "false", "")]
    public void Step_outputs_of_a_training_are_the_outcome_of_its_promotion(
        bool? decided, ComparisonVerdict? found, string passed, string verdict)
    {
        var result = Result with { IsBest = true, Passed = decided, Verdict = found };
        var outputs = StepOutputs.Create(new ReportContents { Trainings = [ReportSamples.Training with { Result = result }] });
        Assert.Equal([KeyValuePair.Create("passed", passed), KeyValuePair.Create("verdict", verdict)], outputs.Take(2));
    }

    [Fact]
    public void Step_outputs_of_several_attempts_are_those_of_the_best()
    {
        var best = ReportSamples.Training;
        var other = best with { Result = Result with { IsBest = false }, Scores = new Dictionary<string, double>() };
        var chosen = best with { Result = Result with { IsBest = true } };
        Assert.Contains(KeyValuePair.Create("dice", "0.9"), StepOutputs.Create(new ReportContents { Trainings = [other, chosen, other] }));
    }
}
