using System.Text;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>The description in a folder of MLflow's is text from elsewhere, as the model beside it is.</summary>
public sealed class MlflowFolderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Names_the_file_of_the_onnx_flavour()
    {
        Describe("flavors:\n  onnx:\n    data: model.onnx\n");
        Assert.Equal(Path.Combine(folder.Path, "model.onnx"), MlflowFolder.ModelFileIn(folder.Path));
    }

    [Theory]
    [InlineData("[", 200_000)]
    [InlineData("{a: ", 50_000)]
    [InlineData("- ", 200_000)]
    public void Refuses_a_description_that_is_nested_without_end(string opening, int times)
    {
        Describe(new StringBuilder().Insert(0, opening, times).ToString());
        Assert.Contains("cannot be read", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_description_of_references_to_itself_and_one_without_end()
    {
        Describe("a: &a [x]\nflavors: {onnx: {data: *a}}\n");
        Assert.Contains("refers to parts of itself", Refusal(), StringComparison.Ordinal);
        Describe(new string('#', 2 << 20));
        Assert.Contains("more than 1048576 bytes", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("..\\\\model.onnx")]
    [InlineData("C:model.onnx")]
    [InlineData("model\\0.onnx")]
    [InlineData("..")]
    [InlineData("")]
    public void Refuses_a_model_that_is_no_plain_name_beside_it(string name)
    {
        Describe($"flavors: {{onnx: {{data: \"{name}\"}}}}");
        Assert.Contains("names no onnx model file in its folder", Refusal(), StringComparison.Ordinal);
    }

    private void Describe(string yaml) => File.WriteAllText(folder["MLmodel"], yaml);

    private string Refusal() => Assert.Throws<ModelException>(() => MlflowFolder.ModelFileIn(folder.Path)).Message;
}
