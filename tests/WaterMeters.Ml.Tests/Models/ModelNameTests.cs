using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Models;

public class ModelNameTests
{
    [Theory]
    [InlineData("production", "models", "production.safetensors")]
    [InlineData("first", "runs", "first", "model.safetensors")]
    [InlineData("first", "runs", "first", "MODEL.pth")]
    [InlineData("three-attempt-2", "runs", "three", "attempt-2", "model.safetensors")]
    [InlineData("artifacts", "artifacts", "model", "model.onnx")]
    [InlineData("model-2", "runs", "first", "model-2.onnx")]
    [InlineData("model", "model.pth")]
    public void Names_a_model_by_its_file_or_by_the_folder_of_its_run(string expected, params string[] path) =>
        Assert.Equal(expected, ModelName.For(Path.Combine(path)));
}
