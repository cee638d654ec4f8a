using System.Text.Json;
using WaterMeters.Ml.Reporting.ModelReports;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.ModelReports;

public class JsonReportTests
{
    [Fact]
    public void Holds_every_property_under_its_name_in_snake_case()
    {
        using var json = JsonDocument.Parse(JsonReport.Render(ReportSamples.Both));
        var comparison = json.RootElement.GetProperty("comparison");
        Assert.Equal(typeof(ModelComparison).GetProperties().Length, comparison.EnumerateObject().Count());
        Assert.Equal(("Superior", true, 0.85, 0.0004, 12.5), (
            comparison.GetProperty("verdict").GetString(), comparison.GetProperty("passed").GetBoolean(), comparison.GetProperty("candidate_iou").GetDouble(),
            comparison.GetProperty("p_value").GetDouble(), comparison.GetProperty("seconds").GetDouble()));
        Assert.Equal(["BaselineFindsNothing", "TestUsedOften"], comparison.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()));
        Assert.Equal(JsonValueKind.Null, comparison.GetProperty("minimum_dice").ValueKind);

        var photos = json.RootElement.GetProperty("photos").EnumerateArray().ToList();
        Assert.Equal(["gained", "lost", "missed", "same"], photos.Select(photo => photo.GetProperty("name").GetString()));
        Assert.Equal(typeof(ImageComparison).GetProperties().Length, photos[0].EnumerateObject().Count());

        var training = json.RootElement.GetProperty("trainings").EnumerateArray().Single();
        Assert.Equal(("64x2x8, 128x1x4", 7, 0.9), (training.GetProperty("stages").GetString(), training.GetProperty("seed").GetInt32(), training.GetProperty("test_dice").GetDouble()));
        Assert.Equal(JsonValueKind.Null, training.GetProperty("test_hausdorff").ValueKind);
        var epoch = training.GetProperty("epochs").EnumerateArray().Last();
        Assert.Equal((3, 128, 0.5, 2.0), (epoch.GetProperty("epoch").GetInt32(), epoch.GetProperty("size").GetInt32(), epoch.GetProperty("training_loss").GetDouble(), epoch.GetProperty("seconds").GetDouble()));
        Assert.Equal(0.5, epoch.GetProperty("val_dice").GetDouble());
    }

    [Fact]
    public void No_key_has_letters_that_are_not_small()
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
    public void Outputs_are_plain_words_and_a_training_alone_passes_nothing()
    {
        Assert.Equal(
            "passed=true verdict=Superior dice=0.9123 iou=0.85 baseline_dice=0.9 baseline_iou=0.84 version=aaaaaaaaaaaa",
            string.Join(" ", StepOutputs.Create(ReportSamples.Both).Select(output => $"{output.Key}={output.Value}")));
        Assert.Equal(
            "passed=false verdict= dice=0.9 iou=0.83 baseline_dice= baseline_iou= version=",
            string.Join(" ", StepOutputs.Create(new ReportContents { Trainings = [ReportSamples.Training] }).Select(output => $"{output.Key}={output.Value}")));
    }

    [Theory]
    [InlineData(true, ComparisonVerdict.Superior, "true", "Superior")]
    [InlineData(false, ComparisonVerdict.NoBaseline, "false", "NoBaseline")]
    [InlineData(null, null, "false", "")]
    public void Outputs_of_a_training_alone_are_what_its_promotion_decided(bool? decided, ComparisonVerdict? found, string passed, string verdict)
    {
        var result = new TrainingResult { ModelPath = "", OutputPath = "", DataPath = "", CheckpointPath = "", MetricsPath = "", IsBest = true, Passed = decided, Verdict = found };
        var outputs = StepOutputs.Create(new ReportContents { Trainings = [ReportSamples.Training with { Result = result }] });
        Assert.Equal([KeyValuePair.Create("passed", passed), KeyValuePair.Create("verdict", verdict)], outputs.Take(2));
    }

    [Fact]
    public void Outputs_of_several_attempts_are_those_of_the_best()
    {
        var best = ReportSamples.Training;
        var other = best with { Result = new TrainingResult { ModelPath = "", OutputPath = "", DataPath = "", CheckpointPath = "", MetricsPath = "", IsBest = false }, Scores = new Dictionary<string, double>() };
        var chosen = best with { Result = other.Result! with { IsBest = true } };
        Assert.Contains(KeyValuePair.Create("dice", "0.9"), StepOutputs.Create(new ReportContents { Trainings = [other, chosen, other] }));
    }
}
