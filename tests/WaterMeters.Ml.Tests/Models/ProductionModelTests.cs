using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Models;

public sealed class ProductionModelTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Target => folder["models", "production.safetensors"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Publishes_the_first_model_into_the_folder_and_later_ones_next_to_the_nearest()
    {
        Directory.CreateDirectory(folder["project", "deep"]);
        Assert.Equal(folder["project", "deep", "models", "production.safetensors"], ProductionModel.FileFor(folder["project", "deep"]));
        Assert.Null(ProductionModel.CurrentDigest(Target));
        Assert.Null(Publish("first", replaces: null));
        Assert.Equal("first", File.ReadAllText(Target));
        Assert.Equal(["models", "project"], Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(Target, ProductionModel.FileFor(folder["project", "deep"]));
        Assert.Equal(Target, ProductionModel.Nearest(folder["project", "deep"]));
    }

    [Fact]
    public void Keeps_each_replaced_model_once_under_its_digest()
    {
        Publish("first", replaces: null);
        string first = Kept("first", 8);
        Assert.Equal(first, Publish("second", Hash("first")));
        Assert.Equal(("first", "second"), (File.ReadAllText(first), File.ReadAllText(Target)));

        // Published again: the kept file exists already and stays unchanged.
        DateTime written = File.GetLastWriteTimeUtc(first).AddDays(-1);
        File.SetLastWriteTimeUtc(first, written);
        Assert.Equal(Kept("second", 8), Publish("first", Hash("second")));
        Assert.Equal(first, Publish("third", Hash("first")));
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.Null(Publish("third", Hash("third")));
        Assert.Equal(["production", "production-" + Hash("first")[..8], "production-" + Hash("second")[..8]], Names());

        // Another model with the same eight digits stays unchanged.
        File.WriteAllText(Kept("third", 8), "another model");
        Assert.Equal(Kept("third", 64), Publish("fourth", Hash("third")));
        Assert.Equal("another model", File.ReadAllText(Kept("third", 8)));
    }

    [Fact]
    public void Replaces_whatever_is_there_by_a_model_that_was_chosen_elsewhere()
    {
        Directory.CreateDirectory(folder["models"]);
        File.WriteAllText(Target, "old");
        File.WriteAllText(folder["models", "production.pth"], "hidden");
        string onnx = folder["models", "production.onnx"], source = folder["new.onnx"];
        File.WriteAllText(source, "new");
        Assert.NotNull(ProductionModel.Replace(source, Hash("new"), onnx));
        Assert.Equal("new", File.ReadAllText(onnx));
        Assert.Equal(onnx, ProductionModel.Nearest(folder.Path));
        Assert.Equal(
            ["hidden", "old"],
            Directory.GetFiles(folder["models"], "production-*").Select(File.ReadAllText).Order(StringComparer.Ordinal));

        // The same again changes nothing.
        DateTime written = File.GetLastWriteTimeUtc(onnx).AddDays(-1);
        File.SetLastWriteTimeUtc(onnx, written);
        Assert.Null(ProductionModel.Replace(source, Hash("new"), onnx));
        Assert.Equal(written, File.GetLastWriteTimeUtc(onnx));
        Assert.Throws<ModelException>(() => ProductionModel.Replace(source, Hash("other"), Target));
        Assert.Equal(onnx, ProductionModel.Nearest(folder.Path));
    }

    [Fact]
    public void Replaces_a_model_of_another_format_and_keeps_it_in_its_format()
    {
        Directory.CreateDirectory(folder["models"]);
        File.WriteAllText(folder["models", "production.pth"], "old");
        string kept = folder["models", $"production-{Hash("old")[..8]}.pth"];
        Assert.Equal(kept, Publish("new", Hash("old")));
        Assert.Equal(
            [Path.GetFileName(kept), "production.safetensors"],
            Directory.GetFiles(folder["models"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("old", File.ReadAllText(kept));
    }

    [Theory]
    [InlineData("another", "first", "changed while")]
    [InlineData("first", "another", "changed after the comparison")]
    public void Publishes_nothing_when_either_file_has_changed(string inProduction, string candidate, string expected)
    {
        Publish(inProduction, replaces: null);
        File.WriteAllText(folder["candidate"], "changed");
        string digest = Hash(candidate == "another" ? "compared" : "changed");
        var error = Assert.Throws<ModelException>(() => ProductionModel.Publish(folder["candidate"], digest, Target, Hash("first")));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(inProduction, File.ReadAllText(Target));
        Assert.DoesNotContain(Directory.GetFiles(folder["models"]), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Publishes_one_of_several_that_replace_the_same_model_at_once()
    {
        Publish("first", replaces: null);
        var outcomes = new string?[6];
        Parallel.For(0, outcomes.Length, i =>
        {
            File.WriteAllText(folder[$"candidate-{i}"], $"model {i}");
            try
            {
                ProductionModel.Publish(folder[$"candidate-{i}"], Hash($"model {i}"), Target, Hash("first"));
            }
            catch (ModelException e)
            {
                outcomes[i] = e.Message;
            }
        });
        int published = Array.FindIndex(outcomes, o => o is null);
        Assert.Equal($"model {published}", File.ReadAllText(Target));
        Assert.Equal(outcomes.Length - 1, outcomes.Count(o => o?.Contains("changed while", StringComparison.Ordinal) == true));
        Assert.Equal("first", File.ReadAllText(Kept("first", 8)));
        Assert.Equal(2, Directory.GetFiles(folder["models"]).Length);
    }

    [Fact]
    public void Says_which_file_could_not_be_published()
    {
        File.WriteAllText(folder["models"], "a file where the folder is to be");
        var error = Assert.Throws<ModelException>(() => Publish("first", replaces: null));
        Assert.Contains($"Cannot publish '{Target}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(Target, error.Model);
    }

    [Fact]
    public void A_model_that_predicts_does_not_keep_its_file_from_being_replaced()
    {
        Directory.CreateDirectory(folder["models"]);
        ModelFile.Save(TestModels.Constant(1), Target);
        ModelFile.Save(TestModels.Constant(-1), folder["candidate.safetensors"]);
        using var engine = InferenceEngines.Create(ModelFile.Load(Target));
        float[] before = new float[32 * 32], after = new float[32 * 32];
        engine.Predict(new byte[3 * 32 * 32], before);

        string digest = ModelFile.Digest(folder["candidate.safetensors"]);
        ProductionModel.Publish(folder["candidate.safetensors"], digest, Target, ProductionModel.CurrentDigest(Target));

        engine.Predict(new byte[3 * 32 * 32], after);
        Assert.Equal(before, after);
        Assert.Equal(digest, ModelFile.Digest(Target));
        using var next = InferenceEngines.Create(ModelFile.Load(Target));
        next.Predict(new byte[3 * 32 * 32], after);
        Assert.True(before.Min() > 0 && after.Max() < 0);
    }

    [Fact]
    public void A_read_only_model_in_production_is_replaced_and_kept()
    {
        Publish("first", replaces: null);
        File.SetAttributes(Target, FileAttributes.ReadOnly);
        Assert.Equal(Kept("first", 8), Publish("second", Hash("first")));
        Assert.Equal(("second", "first"), (File.ReadAllText(Target), File.ReadAllText(Kept("first", 8))));
    }

    private static string Hash(string content) => FileHash.ComputeBytes(System.Text.Encoding.UTF8.GetBytes(content));

    private string Kept(string content, int digits) => folder["models", $"production-{Hash(content)[..digits]}.safetensors"];

    private string?[] Names() =>
    [
        .. Directory.GetFiles(folder["models"]).Select(Path.GetFileNameWithoutExtension)
            .OrderBy(n => n!.Length).ThenBy(n => n == "production-" + Hash("first")[..8] ? 0 : 1),
    ];

    private string? Publish(string content, string? replaces)
    {
        File.WriteAllText(folder["candidate"], content);
        return ProductionModel.Publish(folder["candidate"], Hash(content), Target, replaces);
    }
}
