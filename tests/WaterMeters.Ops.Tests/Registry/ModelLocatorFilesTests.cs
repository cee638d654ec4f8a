using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Tests.Registry;

public class ModelLocatorFilesTests
{
    [Theory]
    [InlineData("model.safetensors", "MLmodel model.onnx model.pth model.safetensors")]
    [InlineData("data/model.pth", "MLmodel data/model.pth data/pickle_module_info.txt")]
    [InlineData("data/model.pt2", "MLmodel data/model.pt2 input_example.json")]
    [InlineData("best.pth", "best.pth checkpoint.safetensors model/model.safetensors")]
    [InlineData("MLmodel model.onnx.data model.onnx", "MLmodel model.onnx model.onnx.data")]
    [InlineData("a/weights.bin a/model.onnx", "a/model.onnx a/weights.bin metrics.json")]
    [InlineData("", "metrics.json checkpoint.safetensors")]
    public void Are_those_of_the_best_format_nearest_to_the_top(string expected, string there) =>
        Assert.Equal(
            expected,
            string.Join(' ', ModelLocatorFiles.Choose([.. there.Split(' ').Select(path => new Artifact(path, 1))]).Select(a => a.Path)));
}
