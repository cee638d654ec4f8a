using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Models;

public class ModelFileTests
{
    private static readonly ModelProvenance Seen =
        new([new string('a', 64), new string('b', 64)], [new string('c', 64)], new string('d', 64), new string('e', 64));

    [Theory]
    [InlineData(".safetensors")]
    [InlineData(".pth")]
    [InlineData(".onnx")]
    public void Stores_the_photos_of_a_large_data_set_in_each_format(string extension)
    {
        using var folder = new TempFolder();
        string path = folder["large" + extension];
        var seen = Seen with { TrainingPhotos = [.. Enumerable.Repeat(new string('a', 64), 200_000)] };
        ModelFile.Save(TestModels.Constant(1, path: path, seen: seen), path);
        Assert.Equal(200_000, ModelFile.Load(path).Provenance!.TrainingPhotos.Count);
    }

    [Fact]
    public void Reads_back_all_weights_and_metadata()
    {
        using var folder = new TempFolder();
        string path = folder["model.safetensors"];
        var model = new SegmentationModel
        {
            Path = path,
            Shape = new UNetShape(4, 96),
            Weights = TestModels.Weights(3),
            Provenance = Seen,
            Seed = -12,
            ModuleVersion = "1.2.3",
            Metrics = new Dictionary<string, double> { ["val_dice"] = 0.1 + 0.2, ["test_dice"] = double.NaN },
        };

        ModelFile.Save(model, path);
        var read = ModelFile.Load(path);

        TestModels.AssertSame(model.Weights, read.Weights);
        Assert.Equal(new UNetShape(4, 96), read.Shape);
        Assert.Equal(-12, read.Seed);
        Assert.Equal("1.2.3", read.ModuleVersion);
        Assert.Equal(ModelName.For(path), read.Name);
        Assert.Equal(FileHash.Compute(path), read.Digest);
        Assert.Equal(Seen.TrainingPhotos, read.Provenance!.TrainingPhotos);
        Assert.Equal(Seen.ValidationPhotos, read.Provenance.ValidationPhotos);
        Assert.Equal((Seen.DatasetDigest, Seen.SplitDigest), (read.Provenance.DatasetDigest, read.Provenance.SplitDigest));
        Assert.Equal(new Dictionary<string, double> { ["val_dice"] = 0.1 + 0.2 }, read.Metrics);
        Assert.Empty(read.Warnings);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Compares_photo_hashes_without_case()
    {
        Assert.True(Seen.HasSeen(new string('A', 64)));
        Assert.True(Seen.HasSeen(new string('c', 64)));
        Assert.False(Seen.HasSeen(new string('d', 64)));
    }

    [Fact]
    public void Writes_the_same_bytes_for_the_same_model_with_aligned_data()
    {
        using var folder = new TempFolder();
        var model = TestModels.Random(5);
        ModelFile.Save(model, folder["a.safetensors"]);
        ModelFile.Save(model, folder["b.safetensors"]);
        byte[] file = File.ReadAllBytes(folder["a.safetensors"]);

        Assert.Equal(file, File.ReadAllBytes(folder["b.safetensors"]));
        Assert.Equal(0, BitConverter.ToInt64(file) % 8);
    }

    [Theory]
    [InlineData("watermeters.base_channels", "8", "8 base channels", "[4, 3, 3, 3]")]
    [InlineData("watermeters.base_channels", "70000", "70000", "1 to 1024")]
    [InlineData("watermeters.training_photos", "photo_1 photo_2", "SHA-256", "64 hexadecimal digits")]
    [InlineData("watermeters.architecture", "segformer", "'segformer'", "'unet'")]
    [InlineData("watermeters.preprocessing", "2", "version 2", "version 1")]
    [InlineData("watermeters.input_size", "100", "100", "divisible by 16")]
    [InlineData("watermeters.input_size", "wide", "'wide'", "whole number")]
    [InlineData("watermeters.seed", "1.5", "'1.5'", "whole number")]
    [InlineData("watermeters.metrics", "[1]", "metrics", "JSON object")]
    public void Refuses_contradictory_metadata_and_names_both_values(string key, string value, string one, string other)
    {
        using var folder = new TempFolder();
        string path = folder["model.safetensors"];
        var metadata = new Dictionary<string, string>(ModelMetadata.Write(TestModels.Random(1)))
        {
            ["watermeters.validation_photos"] = "",
            [key] = value,
        };
        SafeTensorsFile.Write(path, metadata, TestModels.Weights(1), new Dictionary<string, long>());

        var error = Assert.Throws<ModelException>(() => ModelFile.Load(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(one, error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Refuses_weights_that_are_not_finite_and_names_the_tensor(float value)
    {
        using var folder = new TempFolder();
        var weights = TestModels.Weights(1);
        weights["dec2.3.weight"].Values[17] = value;
        SafeTensorsFile.Write(folder["m.safetensors"], ModelMetadata.Write(TestModels.Random(1)), weights, new Dictionary<string, long>());

        var error = Assert.Throws<ModelException>(() => ModelFile.Load(folder["m.safetensors"]));
        Assert.Contains("dec2.3.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_another_network_and_names_the_first_different_tensor()
    {
        using var folder = new TempFolder();
        AssertRefused(w => w.Remove("dec1.3.bias"), "dec1.3.bias");
        AssertRefused(w => w["enc2.0.weight"] = new WeightTensor([8, 4, 9, 1], new float[288]), "[8, 4, 9, 1]", "[8, 4, 3, 3]");
        AssertRefused(w => w.Add("aux.weight", new WeightTensor([1], [1])), "aux.weight");
        AssertRefused(w => w.Remove("enc1.0.weight"), "enc1.0.weight");

        void AssertRefused(Action<Dictionary<string, WeightTensor>> change, params string[] expected)
        {
            var weights = TestModels.Weights(1);
            change(weights);
            SafeTensorsFile.Write(
                folder["m.safetensors"], ModelMetadata.Write(TestModels.Random(1)), weights, new Dictionary<string, long>());
            var error = Assert.Throws<ModelException>(() => ModelFile.Load(folder["m.safetensors"]));
            Assert.All(expected, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Says_why_a_path_is_not_a_model()
    {
        using var folder = new TempFolder();
        AssertError("There is no model file", () => ModelFile.Load(folder["none.safetensors"]));
        AssertError("is a folder", () => ModelFile.Load(folder.Path));
        File.WriteAllBytes(folder["x.dat"], [1, 2, 3, 4]);
        AssertError(".safetensors, .pth, .pt2", () => ModelFile.Load(folder["x.dat"]));
        AssertError(".pth", () => ModelFile.Save(TestModels.Random(1), folder["x.pt2"]));
        AssertError("folder.safetensors", () => ModelFile.Load(folder["no", "such", "folder.safetensors"]));

        static void AssertError(string expected, Action action) =>
            Assert.Contains(expected, Assert.Throws<ModelException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_the_nearest_production_model_upward()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["models"]);
        Directory.CreateDirectory(folder["a", "b"]);
        Assert.Null(ModelFile.Nearest(folder["a", "b"]));
        File.WriteAllText(folder["models", "production.safetensors"], "");
        Assert.Equal(folder["models", "production.safetensors"], ModelFile.Nearest(folder["a", "b"]));
        File.Delete(folder["models", "production.safetensors"]);
        File.WriteAllText(folder["models", "production.pth"], "");
        Assert.Equal(folder["models", "production.pth"], ModelFile.Nearest(folder["a", "b"]));
        Directory.CreateDirectory(folder["a", "models"]);
        File.WriteAllText(folder["a", "models", "production.safetensors"], "");
        Assert.Equal(folder["a", "models", "production.safetensors"], ModelFile.Nearest(folder["a", "b"]));
    }
}
