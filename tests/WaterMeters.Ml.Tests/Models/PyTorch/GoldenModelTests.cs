using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Tests.Models.PyTorch;

/// <summary>Reads files written by PyTorch itself.</summary>
public class GoldenModelTests
{
    [Theory]
    [InlineData("meter-unet.pth")]
    [InlineData("meter-unet-legacy.pth")]
    [InlineData("meter-unet-module.pth")]
    [InlineData("meter-unet.pt2")]
    [InlineData("meter-unet.safetensors")]
    public void Reads_every_tensor_exactly_and_warns_about_missing_metadata(string name)
    {
        var model = ModelFile.Load(SharedFolder.Golden("models", name));

        AssertGolden(model);
        Assert.Equal(new UNetShape(16, 512), model.Shape);
        Assert.Equal(1_965_569, model.Parameters);
        Assert.Null(model.Provenance);
        Assert.Contains(model.Warnings, w => w.Contains("input size", StringComparison.Ordinal));
        Assert.Contains(model.Warnings, w => w.Contains("unseen test cannot be promised", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("meter-unet-legacy.pth", ".pth")]
    [InlineData("meter-unet.pt2", ".safetensors")]
    public void Exports_imported_models_with_equal_tensors(string name, string extension)
    {
        using var folder = new TempFolder();
        string path = folder["exported" + extension];
        ModelFile.Save(ModelFile.Load(SharedFolder.Golden("models", name)), path);
        AssertGolden(ModelFile.Load(path));
    }

    [Fact]
    public void Reads_views_shared_storages_and_all_element_types()
    {
        string path = SharedFolder.Golden("models", "odd-tensors.pth");
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Golden("models", "odd-tensors.json")));
        BinaryFile.Open(path, ".pth", file =>
        {
            var contents = PthFile.Contents(file);
            Assert.Equal(json.RootElement.EnumerateObject().Select(p => p.Name), contents.Tensors.Select(t => t.Name));
            foreach (var (name, tensor) in contents.Tensors)
            {
                var golden = json.RootElement.GetProperty(name);
                tensor.Check(name);
                Assert.Equal(golden.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()), tensor.Shape);
                Assert.Equal(golden.GetProperty("dtype").GetString(), Type(tensor.Type));
                Assert.Equal(
                    golden.GetProperty("values").EnumerateArray().Select(n => n.GetSingle()), new StridedReader(file).Read(tensor));
            }

            var read = contents.ReadAll(file);
            Assert.Equal(["bool", "int64"], read.Others.Order(StringComparer.Ordinal));
            Assert.Equal([6L, 4L], read.Tensors["transposed"].Shape);
            return 0;
        });
    }

    [Theory]
    [InlineData("refuse-command.pth", "'posix.system'")]
    [InlineData("refuse-eval.pth", "'__builtin__.eval'")]
    public void Refuses_a_pickle_that_would_run_a_command_and_names_the_command(string name, string called)
    {
        const string Witness = "/tmp/wms-was-executed"; // the file that both would create
        Assert.False(File.Exists(Witness), $"{Witness} exists before the test");
        string path = SharedFolder.Golden("models", name);
        var error = Assert.Throws<ModelException>(() => ModelFile.Load(path));
        Assert.False(File.Exists(Witness));
        Assert.Contains(called, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("nothing in a model file is ever executed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_undeclared_width_and_names_both_shapes()
    {
        var error = Assert.Throws<ModelException>(() => ModelFile.Load(SharedFolder.Golden("models", "refuse-other-width.pth")));
        Assert.Contains("[8, 3, 3, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[16, 3, 3, 3]", error.Message, StringComparison.Ordinal);
    }

    private static void AssertGolden(SegmentationModel model)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Golden("models", "meter-unet.json")));
        var golden = json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        Assert.Equal(
            golden.Keys.Order(StringComparer.Ordinal),
            model.Weights.Keys.Concat(model.Counters.Keys).Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in model.Weights)
        {
            Assert.Equal(golden[name].GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()), tensor.Shape);
            AssertHash(name, MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        }

        foreach (var (name, count) in model.Counters) AssertHash(name, BitConverter.GetBytes(count));

        void AssertHash(string name, ReadOnlySpan<byte> bytes) =>
            Assert.Equal(golden[name].GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static string Type(ElementType type) => type switch
    {
        ElementType.F16 => "torch.float16",
        ElementType.BF16 => "torch.bfloat16",
        ElementType.F64 => "torch.float64",
        ElementType.I64 => "torch.int64",
        ElementType.BOOL => "torch.bool",
        _ => "torch.float32",
    };
}
