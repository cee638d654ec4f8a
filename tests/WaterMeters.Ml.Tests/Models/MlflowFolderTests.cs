using System.Text;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>The MLmodel file in an MLflow folder is as untrusted as the model in it.</summary>
public sealed class MlflowFolderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Finds_the_file_of_the_onnx_flavor()
    {
        Describe("flavors:\n  onnx:\n    data: model.onnx\n");
        Assert.Equal(Path.Combine(folder.Path, "model.onnx"), MlflowFolder.ModelFileIn(folder.Path));
    }

    [Theory]
    [InlineData("[", 200_000)]
    [InlineData("{a: ", 50_000)]
    [InlineData("- ", 200_000)]
    public void Refuses_a_deeply_nested_description(string opening, int times)
    {
        Describe(new StringBuilder().Insert(0, opening, times).ToString());
        Assert.Contains("Cannot read", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_description_with_aliases_or_of_excessive_size()
    {
        Describe("a: &a [x]\nflavors: {onnx: {data: *a}}\n");
        Assert.Contains("uses aliases", Refusal(), StringComparison.Ordinal);
        Describe(new string('#', 2 << 20));
        Assert.Contains("larger than 1048576 bytes", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("..\\\\model.onnx")]
    [InlineData("C:model.onnx")]
    [InlineData("model\\0.onnx")]
    [InlineData("..")]
    [InlineData("")]
    public void Refuses_a_model_that_is_not_a_plain_file_name(string name)
    {
        Describe($"flavors: {{onnx: {{data: \"{name}\"}}}}");
        Assert.Contains("does not name an ONNX model file in its folder", Refusal(), StringComparison.Ordinal);
    }

    private void Describe(string yaml) => File.WriteAllText(folder["MLmodel"], yaml);

    private string Refusal() => Assert.Throws<ModelException>(() => MlflowFolder.ModelFileIn(folder.Path)).Message;
}
