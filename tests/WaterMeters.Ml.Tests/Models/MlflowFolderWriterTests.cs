using WaterMeters.Ml.Models;
using YamlDotNet.RepresentationModel;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>A folder of MLflow's onnx flavor that Python loads without any class of ours.</summary>
public sealed class MlflowFolderWriterTests : IDisposable
{
    private static readonly DateTimeOffset Created = new(2026, 11, 24, 4, 19, 15, 452, TimeSpan.FromHours(2));
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Has_the_files_and_the_keys_that_MLflow_writes()
    {
        var model = TestModels.Random(seed: 1, size: 64);
        long bytes = MlflowFolderWriter.Write(model, folder["model"], "29e516f33bea4444841e68337613cb35", "model", Created);

        string[] files = [.. Directory.GetFiles(folder["model"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["MLmodel", "conda.yaml", "model.onnx", "model.pth", "model.safetensors", "python_env.yaml", "requirements.txt"], files);
        var ours = Read(folder["model"]);
        Assert.Equal("2026-11-24 02:19:15.452000", Text(ours, "utc_time_created"));
        Assert.Equal(bytes.ToString(System.Globalization.CultureInfo.InvariantCulture), Text(ours, "model_size_bytes"));

        string golden = SharedFolder.Golden("mlflow", "models", "onnx");
        var theirs = Read(golden);
        // What only a logged model of MLflow 3 has, and what depends on a Python that is not there.
        string[] unknown = ["is_signature_from_type_hint", "model_id", "prompts", "type_hint_from_example"];
        Assert.Equal(Keys(theirs).Except(unknown, StringComparer.Ordinal), Keys(ours).Except(["metadata"], StringComparer.Ordinal));
        foreach (string flavor in new[] { "onnx", "python_function" })
        {
            Assert.Equal(Keys(Map(theirs, "flavors", flavor)), Keys(Map(ours, "flavors", flavor)));
        }

        foreach (string side in new[] { "inputs", "outputs" })
        {
            Assert.Equal(Text(theirs, "signature", side), Text(ours, "signature", side));
        }
    }

    [Fact]
    public void Is_read_back_as_the_same_model_with_its_weights()
    {
        var model = TestModels.Random(seed: 2);
        MlflowFolderWriter.Write(model, folder["model"], null, "it's a path", Created);

        Assert.Equal(Path.Combine(folder["model"], "model.safetensors"), ModelFile.Find(folder["model"]));
        var read = ModelFile.Load(folder["model"]);
        Assert.All(model.Weights, w => Assert.Equal(w.Value.Values, read.Weights[w.Key].Values));
        Assert.Equal("it's a path", Text(Read(folder["model"]), "artifact_path"));

        File.Delete(Path.Combine(folder["model"], "model.safetensors"));
        Assert.Equal(Path.Combine(folder["model"], "model.onnx"), ModelFile.Find(folder["model"]));
        Assert.NotNull(ModelFile.Load(folder["model"]).Onnx);
    }

    private static YamlMappingNode Read(string path)
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(Path.Combine(path, "MLmodel"));
        yaml.Load(text);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static IEnumerable<string> Keys(YamlMappingNode node) =>
        node.Children.Keys.Select(k => ((YamlScalarNode)k).Value!).Order(StringComparer.Ordinal);

    private static YamlMappingNode Map(YamlNode node, params string[] keys) =>
        (YamlMappingNode)keys.Aggregate(node, (n, key) => n[key]);

    private static string? Text(YamlNode node, params string[] keys) => ((YamlScalarNode)keys.Aggregate(node, (n, key) => n[key])).Value;
}
