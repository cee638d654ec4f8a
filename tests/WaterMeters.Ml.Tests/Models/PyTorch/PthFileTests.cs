using System.Text;
using WaterMeters.Fuzz;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Models.PyTorch;

public class PthFileTests
{
    [Fact]
    public void Reads_back_all_weights_and_metadata()
    {
        using var folder = new TempFolder();
        var model = FileTemplates.Model();
        ModelFile.Save(model, folder["m.pth"]);
        var read = ModelFile.Load(folder["m.pth"]);

        TestModels.AssertSame(model.Weights, read.Weights);
        Assert.Equal(model.Shape, read.Shape);
        Assert.Equal(model.Seed, read.Seed);
        Assert.Equal(model.Metrics, read.Metrics);
        Assert.Equal(model.Provenance!.TrainingPhotos, read.Provenance!.TrainingPhotos);
        Assert.Empty(read.Warnings);
        Assert.Equal(UNetLayout.Counters(4).ToDictionary(n => n, _ => 0L), read.Counters);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Keeps_the_batch_counters()
    {
        using var folder = new TempFolder();
        var counters = UNetLayout.Counters(4).ToDictionary(n => n, n => (long)n.Length << 33);
        var weights = TestModels.Weights(1);
        foreach (string extension in new[] { ".pth", ".safetensors" })
        {
            var model = new SegmentationModel { Path = "m", Shape = new UNetShape(4, 32), Weights = weights, Counters = counters };
            ModelFile.Save(model, folder["m" + extension]);
            Assert.Equal(counters, ModelFile.Load(folder["m" + extension]).Counters);
        }
    }

    [Fact]
    public void Writes_the_same_bytes_for_the_same_model_with_aligned_tensors()
    {
        using var folder = new TempFolder();
        ModelFile.Save(TestModels.Random(5), folder["a.pth"]);
        ModelFile.Save(TestModels.Random(5), folder["b.pth"]);
        Assert.Equal(File.ReadAllBytes(folder["a.pth"]), File.ReadAllBytes(folder["b.pth"]));

        BinaryFile.Open(folder["a.pth"], ".pth", file =>
        {
            Assert.All(PthFile.Contents(file).Tensors, t => Assert.Equal(0, t.Tensor.FileOffset % 64));
            return 0;
        });
    }

    [Theory]
    [InlineData("pth")]
    [InlineData("pt2")]
    public void Reads_the_templates_of_every_format(string format)
    {
        using var folder = new TempFolder();
        foreach (var template in FileTemplates.ForFormat(format))
        {
            string path = folder[template.Name + template.Extension];
            File.WriteAllBytes(path, template.Join(template.Parts));
            var read = format == "pth" ? PthFile.Read(path) : Pt2File.Read(path);
            var names = TensorNames.Find([.. read.Tensors.Keys], "enc1.0.weight");
            Assert.Equal(template.Name == "pth-wrapped" ? "module." : "", names.Prefix);
            var tensors = read.Tensors.ToDictionary(t => names.NameOf(t.Key), t => t.Value, StringComparer.Ordinal);
            TestModels.AssertSame(FileTemplates.Model().Weights, tensors);
            Assert.Equal(18, read.Counters.Count);
            Assert.All(read.Counters.Values, n => Assert.Equal(12, n));
        }
    }

    [Fact]
    public void Says_how_to_declare_another_width()
    {
        using var folder = new TempFolder();
        var old = FileTemplates.ForFormat("pth").Single(t => t.Name == "pth-old");
        File.WriteAllBytes(folder["old.pth"], old.Join(old.Parts));
        var error = Assert.Throws<ModelException>(() => ModelFile.Load(folder["old.pth"]));
        Assert.Contains("[4, 3, 3, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[16, 3, 3, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("watermeters.base_channels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_another_number_of_input_channels_and_names_both_shapes()
    {
        using var folder = new TempFolder();
        var weights = UNetInitializer.Create(16, 1);
        weights["enc1.0.weight"] = new WeightTensor([16, 1, 3, 3], new float[144]);
        PthFile.Write(folder["grey.pth"], new Dictionary<string, string>(), [.. weights.Select(w => (w.Key, (WeightTensor?)w.Value, 0L))]);
        var error = Assert.Throws<ModelException>(() => ModelFile.Load(folder["grey.pth"]));
        Assert.Contains("[16, 1, 3, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[16, 3, 3, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_channels_last_tensor()
    {
        using var folder = new TempFolder();
        var pickle = new PickleWriter();
        pickle.Begin();
        pickle.Write(PickleOpcode.EMPTY_DICT);
        pickle.Text("w");
        Crafted.Tensor(pickle, "0", 24, 0, [2, 3, 2, 2], [12, 1, 6, 3]);
        pickle.Write(PickleOpcode.SETITEM);
        pickle.Stop();
        float[] stored = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        Crafted.Zip(folder["nhwc.pth"], ("a/data.pkl", pickle.Bytes.ToArray()), ("a/data/0", Crafted.Bytes(stored)));

        var read = PthFile.Read(folder["nhwc.pth"]).Tensors["w"];
        Assert.Equal([2L, 3L, 2L, 2L], read.Shape);
        for (int n = 0; n < 2; n++) for (int c = 0; c < 3; c++) for (int y = 0; y < 2; y++) for (int x = 0; x < 2; x++)
            Assert.Equal((12 * n) + (6 * y) + (3 * x) + c, read.Values[(((((n * 3) + c) * 2) + y) * 2) + x]);
    }

    [Fact]
    public void Reads_a_view_larger_than_the_buffer()
    {
        using var folder = new TempFolder();
        const int Rows = 700, Columns = 300;
        var pickle = new PickleWriter();
        pickle.Begin();
        pickle.Write(PickleOpcode.EMPTY_DICT);
        pickle.Text("t");
        Crafted.Tensor(pickle, "0", Rows * Columns, 0, [Columns, Rows], [1, Columns]);
        pickle.Write(PickleOpcode.SETITEM);
        pickle.Stop();
        float[] stored = [.. Enumerable.Range(0, Rows * Columns).Select(i => (float)i)];
        Crafted.Zip(folder["t.pth"], ("a/data.pkl", pickle.Bytes.ToArray()), ("a/data/0", Crafted.Bytes(stored)));
        float[] values = PthFile.Read(folder["t.pth"]).Tensors["t"].Values;
        for (int i = 0; i < values.Length; i++) Assert.Equal(((i % Rows) * Columns) + (i / Rows), values[i]);
    }

    [Fact]
    public void Resolves_parts_of_storages_and_classes_of_the_format_before_PyTorch_1_6()
    {
        var type = new PickleGlobal("torch", "FloatStorage");
        var storages = new TorchStorages();
        var part = Assert.IsType<TorchSlice>(
            storages.Resolve(new object?[] { "storage", type, "7", "cpu", 10L, new object?[] { "8", 2L, 3L } }));
        Assert.Equal((2L, 3L, 10L), (part.Begin, part.Count, part.Storage.Count));
        Assert.Same(part.Storage,
            Assert.IsType<TorchSlice>(storages.Resolve(new object?[] { "storage", type, "7", "cuda:0", 10L, null })).Storage);
        Assert.Same(type, storages.Resolve(new object?[] { "module", type, "model.py", "class Net: ..." }));
        Assert.Throws<InvalidDataException>(() =>
            storages.Resolve(new object?[] { "storage", type, "7", "cpu", 10L, new object?[] { "8", 8L, 3L } }));
        Assert.Throws<InvalidDataException>(() => storages.Resolve(new object?[] { "storage", type, "7", "cpu", 11L }));
    }

    [Fact]
    public void Skips_buffers_that_a_module_does_not_save()
    {
        using var folder = new TempFolder();
        var pickle = new PickleWriter();
        pickle.Begin();
        pickle.Global("m", "Net");
        pickle.Write(PickleOpcode.EMPTY_TUPLE);
        pickle.Write(PickleOpcode.NEWOBJ);
        pickle.Write(PickleOpcode.EMPTY_DICT);
        pickle.Mark();
        pickle.Text("_buffers");
        pickle.EmptyDictionary();
        pickle.Mark();
        foreach (string name in new[] { "kept", "unsaved" })
        {
            pickle.Text(name);
            Crafted.Tensor(pickle, "0", 2, 0, [2], [1]);
        }

        pickle.SetItems();
        pickle.Text("_non_persistent_buffers_set");
        pickle.Global("builtins", "set");
        pickle.Write(PickleOpcode.EMPTY_LIST);
        pickle.Text("unsaved");
        pickle.Write(PickleOpcode.APPEND);
        pickle.Write(PickleOpcode.TUPLE1);
        pickle.Reduce();
        pickle.SetItems();
        pickle.Write(PickleOpcode.BUILD);
        pickle.Stop();
        Crafted.Zip(folder["m.pth"], ("a/data.pkl", pickle.Bytes.ToArray()), ("a/data/0", Crafted.Bytes([1, 2])));
        Assert.Equal(["kept"], PthFile.Read(folder["m.pth"]).Tensors.Keys);
    }

    [Fact]
    public void Says_why_a_file_is_not_a_network()
    {
        using var folder = new TempFolder();
        AssertRefused("neither a zip nor a pickle", [1, 2, 3, 4]);
        AssertRefused("it is a text file", Encoding.ASCII.GetBytes("another format"));
        AssertRefused("it is empty", []);
        AssertRefused("not one of torch.save", [0x80, 2, (byte)'N', (byte)'.']);
        AssertRefused("a zip archive, but not of PyTorch", Crafted.Zip(("x/model.json", "{}"u8.ToArray())));
        AssertRefused("TorchScript", Crafted.Zip(("x/data.pkl", [0x80, 2, (byte)'N', (byte)'.']), ("x/constants.pkl", [])));
        AssertRefused("(None)", Crafted.Zip(("x/data.pkl", [0x80, 2, (byte)'N', (byte)'.'])));
        AssertRefused(
            "'epoch'", Crafted.Zip(("x/data.pkl", [0x80, 2, (byte)'}', (byte)'U', 5, .. "epoch"u8, (byte)'K', 1, (byte)'s', (byte)'.'])));
        AssertRefused("'big'-endian", Crafted.Zip(("x/data.pkl", [0x80, 2, (byte)'N', (byte)'.']), ("x/byteorder", "big"u8.ToArray())));

        void AssertRefused(string expected, byte[] file)
        {
            File.WriteAllBytes(folder["x.pth"], file);
            var error = Assert.Throws<ModelException>(() => ModelFile.Load(folder["x.pth"]));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }
}
