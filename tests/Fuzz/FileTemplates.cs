using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;
using WaterMeters.Ml.Training;

namespace WaterMeters.Fuzz;

/// <summary>
/// Valid files of a small network in every format that the module reads, made without PyTorch. Add a new format to <see cref="ForFormat"/>.
/// </summary>
public static class FileTemplates
{
    /// <summary>The network's width.</summary>
    public const int BaseChannels = 4;

    private static readonly IReadOnlyDictionary<string, string> Metadata = ModelMetadata.Write(Model());

    /// <summary>All formats.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["pth", "pt2", "safetensors", "onnx"];

    /// <summary>Returns the templates of a format.</summary>
    public static IReadOnlyList<FileTemplate> ForFormat(string format) => format switch
    {
        "pth" =>
        [
            ZippedPth("pth", PthPickle(StateDictionary)),
            ZippedPth("pth-module", PthPickle(Module)),
            ZippedPth("pth-checkpoint", PthPickle(Checkpoint)),
            ZippedPth("pth-wrapped", PthPickle(Wrapped)),
            OldPth(),
        ],
        "pt2" => [Pt2()],
        "safetensors" => [SafeTensors()],
        "onnx" => [OnnxTemplates.Ours(Model()), OnnxTemplates.Foreign(Model())],
        _ => throw new ArgumentException($"Unknown format '{format}'. Use one of {string.Join(", ", Formats)}.", nameof(format)),
    };

    /// <summary>Creates the network of all templates.</summary>
    public static SegmentationModel Model() => new()
    {
        Path = "template",
        Shape = new UNetShape(BaseChannels, 64),
        Weights = UNetInitializer.Create(BaseChannels, 7),
        Seed = 3,
        Provenance = new ModelProvenance([new string('a', 64)], [new string('b', 64)], "c", "d"),
        Metrics = new Dictionary<string, double> { ["val_dice"] = 0.5 },
    };

    private static List<(string Name, long[]? Shape, byte[] Bytes)> Tensors()
    {
        var tensors = new List<(string, long[]?, byte[])>();
        foreach (var (name, tensor) in Model().Weights)
        {
            tensors.Add((name, tensor.Shape, MemoryMarshal.AsBytes(tensor.Values.AsSpan()).ToArray()));
            if (UNetLayout.Counter(name) is { } counter) tensors.Add((counter, null, BitConverter.GetBytes(12L)));
        }

        return tensors;
    }

    private static byte[] PthPickle(Action<PickleWriter> body)
    {
        var pickle = new PickleWriter();
        pickle.Begin();
        body(pickle);
        pickle.Stop();
        return pickle.Bytes.ToArray();
    }

    private static void StateDictionary(PickleWriter pickle) => StateDictionary(pickle, "");

    private static void StateDictionary(PickleWriter pickle, string prefix)
    {
        pickle.EmptyDictionary();
        pickle.Mark();
        int storage = 0;
        foreach (var (name, shape, _) in Tensors())
        {
            pickle.Text(prefix + name);
            pickle.Tensor(storage++, shape);
        }

        pickle.SetItems();
    }

    private static void Checkpoint(PickleWriter pickle)
    {
        pickle.Write(PickleOpcode.EMPTY_DICT);
        pickle.Write(PickleOpcode.BINPUT, 0);
        pickle.Mark();
        pickle.Text("epoch");
        pickle.Number(70_000);
        pickle.Text("model_state_dict");
        StateDictionary(pickle);
        pickle.Text("losses");
        pickle.Write(PickleOpcode.EMPTY_LIST);
        pickle.Mark();
        pickle.Number(1);
        pickle.Number(long.MaxValue);
        pickle.Write(PickleOpcode.APPENDS);
        pickle.SetItems();
    }

    /// <summary>Writes two sets of weights whose tensors share the storages, under the names that wrappers give them.</summary>
    private static void Wrapped(PickleWriter pickle)
    {
        pickle.Write(PickleOpcode.EMPTY_DICT);
        foreach (string key in new[] { "ema", "model" })
        {
            pickle.Text(key);
            StateDictionary(pickle, "module._orig_mod.");
            pickle.Write(PickleOpcode.SETITEM);
        }
    }

    private static void Module(PickleWriter pickle)
    {
        var tensors = Tensors();
        Write("", "model", "WaterMetersUNet");

        void Write(string prefix, string module, string type)
        {
            pickle.Global(module, type);
            pickle.Write(PickleOpcode.EMPTY_TUPLE);
            pickle.Write(PickleOpcode.NEWOBJ);
            pickle.Write(PickleOpcode.EMPTY_DICT);
            pickle.Mark();
            foreach (bool buffers in new[] { false, true })
            {
                pickle.Text(buffers ? "_buffers" : "_parameters");
                pickle.EmptyDictionary();
                pickle.Mark();
                for (int i = 0; i < tensors.Count; i++)
                {
                    string name = tensors[i].Name;
                    string last = name[(name.LastIndexOf('.') + 1)..];
                    if (name != prefix + last || (tensors[i].Shape is null || UNetLayout.IsBuffer(name)) != buffers) continue;
                    pickle.Text(last);
                    if (!buffers)
                    {
                        pickle.Global("torch._utils", "_rebuild_parameter");
                        pickle.Tensor(i, tensors[i].Shape);
                        pickle.Boolean(true);
                        pickle.EmptyDictionary();
                        pickle.Write(PickleOpcode.TUPLE3);
                        pickle.Reduce();
                    }
                    else
                    {
                        pickle.Tensor(i, tensors[i].Shape);
                    }
                }

                pickle.SetItems();
            }

            pickle.Text("_non_persistent_buffers_set");
            pickle.Global("__builtin__", "set");
            pickle.Write(PickleOpcode.EMPTY_LIST);
            pickle.Write(PickleOpcode.TUPLE1);
            pickle.Reduce();
            pickle.Text("_modules");
            pickle.EmptyDictionary();
            pickle.Mark();
            var children = tensors.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(t => t.Name[prefix.Length..])
                .Where(n => n.Contains('.', StringComparison.Ordinal)).Select(n => n.Split('.')[0]).Distinct();
            foreach (string child in children)
            {
                pickle.Text(child);
                Write(prefix + child + ".", "torch.nn.modules.container", "Sequential");
            }

            pickle.SetItems();
            pickle.SetItems();
            pickle.Write(PickleOpcode.BUILD);
        }
    }

    private static FileTemplate ZippedPth(string name, byte[] pickle) => new(name, ".pth",
        [
            new FilePart("archive/data.pkl", pickle, true),
            new FilePart("archive/byteorder", "little"u8.ToArray(), true),
            .. Tensors().Select((t, i) => new FilePart($"archive/data/{Text(i)}", t.Bytes, false)),
            new FilePart("archive/" + TorchContents.MetadataEntry, MetadataText.Write(Metadata), true),
            new FilePart("archive/version", "3\n"u8.ToArray(), true),
        ], Zip);

    /// <summary>The format before PyTorch 1.6. It cannot declare a width, so the file is read completely and then refused.</summary>
    private static FileTemplate OldPth()
    {
        var tensors = Tensors();
        byte[] magic = BigInteger.Parse("119547037146038801333356", CultureInfo.InvariantCulture).ToByteArray();
        return new FileTemplate("pth-old", ".pth",
            [
                new FilePart(
                    "magic",
                    [(byte)PickleOpcode.PROTO, 2, (byte)PickleOpcode.LONG1, (byte)magic.Length, .. magic, (byte)PickleOpcode.STOP],
                    true),
                new FilePart("protocol", PthPickle(p => p.Number(1001)), true),
                new FilePart("machine", PthPickle(Machine), true),
                new FilePart("pickle", PthPickle(StateDictionary), true),
                new FilePart("keys", PthPickle(Keys), true),
                .. tensors.SelectMany((t, i) => new[]
                {
                    new FilePart($"count {Text(i)}", BitConverter.GetBytes(t.Shape?.Aggregate(1L, (a, b) => a * b) ?? 1L), false),
                    new FilePart(Text(i), t.Bytes, false),
                }),
            ], parts => [.. parts.SelectMany(p => p.Bytes)]);

        static void Machine(PickleWriter pickle)
        {
            pickle.Write(PickleOpcode.EMPTY_DICT);
            pickle.Mark();
            pickle.Text("little_endian");
            pickle.Boolean(true);
            pickle.SetItems();
        }

        void Keys(PickleWriter pickle)
        {
            pickle.Write(PickleOpcode.EMPTY_LIST);
            pickle.Mark();
            for (int i = 0; i < tensors.Count; i++) pickle.Text(Text(i));
            pickle.Write(PickleOpcode.APPENDS);
        }
    }

    private static FileTemplate Pt2()
    {
        var tensors = Tensors();
        var config = tensors.Select((t, i) => (t.Name, Value: new
        {
            path_name = "weight_" + Text(i),
            is_param = true,
            use_pickle = false,
            tensor_meta = new
            {
                dtype = t.Shape is null ? 5 : 7,
                sizes = (t.Shape ?? []).Select(n => new { as_int = n }),
                strides = (t.Shape ?? []).Select((_, d) => new { as_int = t.Shape![(d + 1)..].Aggregate(1L, (a, b) => a * b) }),
                storage_offset = new { as_int = 0 },
                layout = 7,
            },
        })).ToDictionary(t => t.Name, t => t.Value);
        return new FileTemplate("pt2", ".pt2",
            [
                .. tensors.Select((t, i) => new FilePart("m/data/weights/weight_" + Text(i), t.Bytes, false)),
                new FilePart("m/data/weights/model_weights_config.json", JsonSerializer.SerializeToUtf8Bytes(new { config }), true),
                new FilePart("m/archive_format", "pt2"u8.ToArray(), true),
                new FilePart("m/byteorder", "little"u8.ToArray(), true),
                new FilePart("m/" + TorchContents.MetadataEntry, MetadataText.Write(Metadata), true),
            ], Zip);
    }

    private static FileTemplate SafeTensors()
    {
        string path = Path.GetTempFileName() + ".safetensors";
        try
        {
            ModelFile.Save(Model(), path);
            byte[] file = File.ReadAllBytes(path);
            int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
            return new FileTemplate("safetensors", ".safetensors",
                [
                    new FilePart("length", file[..8], true),
                    new FilePart("header", file[8..(8 + header)], true),
                    new FilePart("data", file[(8 + header)..], false),
                ], Join);
        }
        finally
        {
            File.Delete(path);
        }

        // The length is adjusted to the header, unless the length itself was damaged.
        static byte[] Join(IReadOnlyList<FilePart> parts)
        {
            byte[] whole = [.. parts.SelectMany(p => p.Bytes)];
            bool intact = parts.Count == 3 && parts[0].Name == "length" && parts[0].Bytes.Length == 8 && parts[0].Describes;
            if (intact && whole.Length >= 8) BinaryPrimitives.WriteInt64LittleEndian(whole, parts[1].Bytes.Length);
            return whole;
        }
    }

    private static byte[] Zip(IReadOnlyList<FilePart> parts)
    {
        using var stream = new MemoryStream();
        var zip = new StoredZipWriter(stream);
        foreach (var part in parts) zip.Add(part.Name, part.Bytes);
        zip.Finish();
        return stream.ToArray();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
