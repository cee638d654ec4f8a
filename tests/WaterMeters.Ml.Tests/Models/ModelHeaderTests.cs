using System.Runtime.InteropServices;
using System.Text;
using WaterMeters.Fuzz;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;
using WaterMeters.Ml.Tests.Models.PyTorch;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>
/// What a file says of its tensors is checked before they are read: names with prefixes, other networks, sizes of gigabytes.
/// </summary>
public sealed class ModelHeaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("module._orig_mod.")]
    [InlineData("model.net.")]
    public void Leaves_out_a_prefix_that_all_names_share_in_every_format(string prefix)
    {
        var model = TestModels.Random(4);
        var wrapped = model.Weights.ToDictionary(t => prefix + t.Key, t => t.Value);
        var metadata = ModelMetadata.Write(model);
        SafeTensorsFile.Write(folder["m.safetensors"], metadata, wrapped, new Dictionary<string, long> { ["n_averaged"] = 4 });
        PthFile.Write(folder["m.pth"], metadata, [.. wrapped.Select(t => (t.Key, (WeightTensor?)t.Value, 0L))]);
        WritePt2(folder["m.pt2"], metadata, wrapped);
        foreach (string file in new[] { "m.safetensors", "m.pth", "m.pt2" })
        {
            var read = ModelFile.Load(folder[file]);
            TestModels.AssertSame(model.Weights, read.Weights);
            string shown = prefix.Replace("_orig_mod.", "", StringComparison.Ordinal);
            Assert.Equal(shown.Length > 0, read.Notes.Any(n => n.Contains($"begin with '{shown}'", StringComparison.Ordinal)));
            Assert.Equal(shown != prefix, read.Notes.Any(n => n.Contains("'_orig_mod.'", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Runs_an_onnx_file_whatever_the_names_of_its_tensors()
    {
        var model = TestModels.Random(4);
        byte[] file = OnnxGraphWriter.Write(model, 32).ToArray();

        // "module." in front of each name of a layer; the lengths in the protobuf change with it.
        var renamed = ProtobufField.Parse(file)!.Select(f => f.Number == OnnxFields.Graph ? f with { Bytes = Renamed(f.Bytes, 3) } : f);
        File.WriteAllBytes(folder["m.onnx"], ProtobufField.Write(renamed));
        var read = ModelFile.Load(folder["m.onnx"]);
        byte[] planes = [.. Enumerable.Range(0, 3 * 32 * 32).Select(i => (byte)(i * 7))];
        float[] expected = new float[32 * 32], logits = new float[32 * 32];
        using (var engine = new Ml.Inference.Onnx.OnnxEngine(model)) engine.Predict(planes, expected);
        using (var engine = new Ml.Inference.Onnx.OnnxEngine(read)) engine.Predict(planes, logits);
        Assert.Equal(expected, logits);

        static byte[] Renamed(byte[] message, int depth) => ProtobufField.Write(ProtobufField.Parse(message)!.Select(field =>
            field.Wire != 2 || field.Number == OnnxFields.RawData ? field
            : Encoding.UTF8.GetString(field.Bytes) is var text && IsLayer(text)
                ? field with { Bytes = Encoding.UTF8.GetBytes("module." + text) }
            : depth > 0 && ProtobufField.Parse(field.Bytes) is not null ? field with { Bytes = Renamed(field.Bytes, depth - 1) }
            : field));

        static bool IsLayer(string text) => UNetLayout.Tensors(4).Any(t => t.Name == text);
    }

    [Fact]
    public void Keeps_names_that_do_not_share_the_prefix()
    {
        var weights = TestModels.Weights(1).ToDictionary(t => "module." + t.Key, t => t.Value);
        weights.Add("loss.weight", new WeightTensor([1], [1]));
        SafeTensorsFile.Write(folder["m.safetensors"], ModelMetadata.Write(TestModels.Random(1)), weights, new Dictionary<string, long>());
        Assert.Contains("none with a name of the U-Net", Refusal("m.safetensors"), StringComparison.Ordinal);
        weights.Remove("loss.weight");
        weights["module._orig_mod.final.bias"] = weights["module.final.bias"];
        SafeTensorsFile.Write(folder["m.safetensors"], ModelMetadata.Write(TestModels.Random(1)), weights, new Dictionary<string, long>());
        Assert.Contains("'final.bias' twice", Refusal("m.safetensors"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layer1.0.conv1.weight|fc.weight", "a classifier")]
    [InlineData("model.embed_tokens.weight|lm_head.weight", "a language model")]
    [InlineData("model.diffusion_model.input_blocks.0.0.weight", "makes images")]
    [InlineData("model.22.dfl.conv.weight", "a detector (YOLO)")]
    [InlineData("inc.double_conv.0.weight|outc.conv.weight", "a U-Net of another program")]
    [InlineData("x.weight", "another network")]
    public void Says_what_a_network_for_another_task_is(string names, string kind)
    {
        var weights = names.Split('|').ToDictionary(n => n, _ => new WeightTensor([2, 2], new float[4]));
        SafeTensorsFile.Write(folder["m.safetensors"], new Dictionary<string, string>(), weights, new Dictionary<string, long>());
        string message = Refusal("m.safetensors");
        Assert.Contains(kind, message, StringComparison.Ordinal);
        Assert.Contains($"'{names.Split('|')[0]}' [2, 2]", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("safetensors")]
    [InlineData("pth")]
    [InlineData("onnx")]
    [InlineData("onnx, above the limit")]
    public void Refuses_a_foreign_model_of_gigabytes_by_its_header(string what)
    {
        // The files are sparse: their data take no space on most disks.
        const long Large = 1L << 31;
        string path = folder["m." + what[..Math.Min(what.Length, what.IndexOf(',') is var comma && comma > 0 ? comma : what.Length)]];
        string expected = "none with a name of the U-Net";
        switch (what)
        {
            case "safetensors":
                byte[] header = Encoding.ASCII.GetBytes(
                    $"{{\"w\":{{\"dtype\":\"F32\",\"shape\":[{Large / 4}],\"data_offsets\":[0,{Large}]}}}}");
                Write(path, [.. BitConverter.GetBytes((long)header.Length), .. header], Large);
                break;
            case "pth":
                const int Elements = 1 << 28;
                byte[] pickle = Crafted.Pickle(p =>
                {
                    p.EmptyDictionary();
                    p.Text("w");
                    p.Tensor(0, [Elements]);
                    p.Write(PickleOpcode.SETITEM);
                });
                byte[] magic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
                byte[] keys = Crafted.Pickle(p =>
                {
                    p.Write(PickleOpcode.EMPTY_LIST);
                    p.Text("0");
                    p.Write(PickleOpcode.APPEND);
                });
                byte[] machine = Crafted.Pickle(p =>
                {
                    p.Write(PickleOpcode.EMPTY_DICT);
                    p.Text("little_endian");
                    p.Boolean(true);
                    p.Write(PickleOpcode.SETITEM);
                });
                byte[] head =
                [
                    0x80, 2, 0x8a, (byte)magic.Length, .. magic, (byte)'.', .. Crafted.Pickle(p => p.Number(1001)), .. machine, .. pickle,
                    .. keys, .. BitConverter.GetBytes((long)Elements),
                ];
                Write(path, head, 4L * Elements);
                break;
            default:
                bool isAbove = what.Contains("above", StringComparison.Ordinal);
                expected = isAbove ? "at most 2047 MB" : "its input 'text' is [1, 77]";
                WriteForeignOnnx(path, isAbove ? Large : 1L << 30);
                break;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(expected, Refusal(Path.GetFileName(path)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Refuses_a_negative_variance()
    {
        var weights = TestModels.Weights(1);
        weights["enc3.4.running_var"].Values[2] = -1e-9f;
        SafeTensorsFile.Write(folder["m.safetensors"], ModelMetadata.Write(TestModels.Random(1)), weights, new Dictionary<string, long>());
        Assert.Contains("'enc3.4.running_var'", Refusal("m.safetensors"), StringComparison.Ordinal);
        weights["enc3.4.running_var"].Values[2] = 0;
        SafeTensorsFile.Write(folder["m.safetensors"], ModelMetadata.Write(TestModels.Random(1)), weights, new Dictionary<string, long>());
        Assert.NotNull(ModelFile.Load(folder["m.safetensors"]));
    }

    [Fact]
    public void Takes_two_empty_lists_of_photos_for_unknown_provenance()
    {
        ModelFile.Save(TestModels.Constant(1, seen: new ModelProvenance([], [], "", "")), folder["none.safetensors"]);
        Assert.Null(ModelFile.Load(folder["none.safetensors"]).Provenance);
        ModelFile.Save(TestModels.Constant(1, seen: new ModelProvenance([new string('a', 64)], [], "", "")), folder["one.safetensors"]);
        Assert.Single(ModelFile.Load(folder["one.safetensors"]).Provenance!.TrainingPhotos);
    }

    [Fact]
    public void Hashes_the_file_that_was_opened_and_refuses_one_that_is_written_to_meanwhile()
    {
        File.WriteAllText(folder["a"], "first");
        string digest = ModelFile.Digest(folder["a"]);
        string read = BinaryFile.Open(folder["a"], "test", file =>
        {
            File.WriteAllText(folder["b"], "second");
            if (!OperatingSystem.IsWindows()) File.Move(folder["b"], folder["a"], overwrite: true); // Windows keeps an open file
            return file.Digest();
        });
        Assert.Equal(digest, read);

        if (OperatingSystem.IsWindows())
        {
            Assert.Throws<ModelException>(() => BinaryFile.Open(folder["a"], "test", _ => File.OpenWrite(folder["a"])));
            return;
        }

        var error = Assert.Throws<ModelException>(() => BinaryFile.Open(folder["a"], "test", file =>
        {
            using (var stream = new FileStream(folder["a"], FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) stream.WriteByte(1);
            return file.Digest();
        }));
        Assert.Contains("was changed while being read", error.Message, StringComparison.Ordinal);
    }

    private static void Write(string path, byte[] head, long data)
    {
        using var file = File.Create(path);
        file.Write(head);
        file.SetLength(head.Length + data);
    }

    /// <summary>Writes a graph whose weights come before its description, as exporters do: an input of words, one large tensor.</summary>
    private static void WriteForeignOnnx(string path, long data)
    {
        var shape = new OnnxMessage().Add(OnnxFields.Dim, new OnnxMessage().Add(OnnxFields.DimValue, 1))
            .Add(OnnxFields.Dim, new OnnxMessage().Add(OnnxFields.DimValue, 77));
        var tensor = new OnnxMessage().Add(OnnxFields.ElementType, OnnxFields.Int64).Add(OnnxFields.Shape, shape);
        byte[] inputs = new OnnxMessage()
            .Add(OnnxFields.Input, new OnnxMessage().Add(OnnxFields.ValueName, "text")
                .Add(OnnxFields.ValueType, new OnnxMessage().Add(OnnxFields.TensorType, tensor)))
            .Add(OnnxFields.Output, new OnnxMessage().Add(OnnxFields.ValueName, "words")).ToMemory().ToArray();
        byte[] raw = Head(OnnxFields.RawData, data), initializer = Head(OnnxFields.Initializer, raw.Length + data);
        byte[] graph = Head(OnnxFields.Graph, inputs.Length + initializer.Length + raw.Length + data);
        Write(path, [0x08, 0x08, .. graph, .. inputs, .. initializer, .. raw], data);

        static byte[] Head(int field, long length)
        {
            var bytes = new List<byte> { (byte)((field << 3) | 2) };
            for (; length >= 0x80; length >>= 7) bytes.Add((byte)(length | 0x80));
            bytes.Add((byte)length);
            return [.. bytes];
        }
    }

    private static void WritePt2(
        string path, IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        var config = weights.Index().ToDictionary(t => t.Item.Key, t => new
        {
            path_name = $"weight_{t.Index}",
            use_pickle = false,
            tensor_meta = new
            {
                dtype = 7,
                sizes = t.Item.Value.Shape.Select(n => new { as_int = n }),
                strides = t.Item.Value.Shape.Select(
                    (_, d) => new { as_int = t.Item.Value.Shape[(d + 1)..].Aggregate(1L, (a, b) => a * b) }),
                storage_offset = new { as_int = 0 },
                layout = 7,
            },
        });
        Crafted.Zip(path,
        [
            .. weights.Values.Select((t, i) => ($"m/data/weights/weight_{i}", MemoryMarshal.AsBytes(t.Values.AsSpan()).ToArray())),
            ("m/data/weights/model_weights_config.json", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { config })),
            ("m/" + TorchContents.MetadataEntry, MetadataText.Write(metadata)),
        ]);
    }

    private string Refusal(string name) => Assert.Throws<ModelException>(() => ModelFile.Load(folder[name])).Message;
}
