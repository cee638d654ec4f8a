using System.IO.Compression;
using System.Text;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Tests.Models.PyTorch;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>Files are told by their content, not by their extension; each refusal says what a file is and what to do.</summary>
public sealed class ModelContentTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string, byte[], string, string> Others => new()
    {
        { "m.safetensors", [], "it is empty (0 bytes)", "Copy the model again" },
        { "m.pth", Text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 7900000\n"), "Git LFS pointer", "git lfs pull" },
        { "m.onnx", Text("<!DOCTYPE html><html></html>"), "a web page", "Download the model file itself" },
        { "m.bin", Text("<?xml version=\"1.0\"?><net/>"), "an XML file", "ONNX" },
        { "m.safetensors", Text("404: Not Found"), "a text file", "Copy the model again" },
        { "m.pth", [0x89, .. "HDF\r\n\u001a\n"u8, .. new byte[40]], "an HDF5 file, as Keras writes it", "ONNX" },
        { "m.tflite", [0x1c, 0, 0, 0, .. "TFL3"u8, .. new byte[40]], "TensorFlow Lite", "ONNX" },
        { "m.pb", [0x08, 0x01, 0x12, 0x05, .. new byte[40]], "TensorFlow SavedModel", "ONNX" },
        { "m.ort", [0x1c, 0, 0, 0, .. "ORTM"u8, .. new byte[40]], ".ort format", "Pass the .onnx file" },
        { "m.gguf", [.. "GGUF"u8, .. new byte[40]], "a language model", "Start-WmsTraining" },
        { "m.pth", [0x93, .. "NUMPY"u8, .. new byte[40]], "a NumPy array", "torch.save" },
        { "m.pth", [0x1f, 0x8b, 8, 0, .. new byte[40]], "a gzip archive", "Unpack it" },
        { "m.pth", [0xff, 0xd8, 0xff, 0xe0, .. new byte[40]], "an image (JPEG)", "Pass a model file" },
        { "m.pkl", [0x80, 4, 0x95, .. new byte[40]], "a Python pickle, but not one of torch.save", "torch.save(model.state_dict()" },
        { "m.npz", Crafted.Zip(("a.npy", new byte[8])), "an archive of NumPy arrays", "torch.save" },
        { "m.keras", Crafted.Zip(("config.json", new byte[8]), ("model.weights.h5", new byte[8])), "a Keras model", "ONNX" },
        { "m.zip", Crafted.Zip(("run/model.safetensors", new byte[8])), "with 'run/model.safetensors' in it", "Unpack it" },
        { "m.pt2", Crafted.Zip(("serialized_exported_program.json", new byte[8])), "of another PyTorch version", "torch.save" },
        { "m.pt", Crafted.Zip(("m/data.pkl", [0x80, 2, (byte)'N', (byte)'.']), ("m/constants.pkl", [])), "TorchScript", "torch.jit.load" },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Others))]
    public void Says_what_another_file_is_and_what_to_do(string name, byte[] content, string what, string remedy)
    {
        File.WriteAllBytes(folder[name], content);
        string message = Refusal(name);
        Assert.Contains(folder[name], message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_compressed_archive_is_to_be_unpacked()
    {
        using (var zip = ZipFile.Open(folder["m.zip"], ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("model.onnx").Open();
            entry.Write(new byte[100_000]);
        }

        Assert.Contains("'model.onnx' in it. Unpack it", Refusal("m.zip"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".safetensors", ".pth")]
    [InlineData(".safetensors", ".bin")]
    [InlineData(".pth", ".safetensors")]
    [InlineData(".pth", ".ckpt")]
    [InlineData(".pth", ".pt")]
    [InlineData(".pth", "")]
    [InlineData(".onnx", ".pth")]
    [InlineData(".onnx", ".model")]
    public void Reads_a_model_under_any_extension(string format, string extension)
    {
        var model = TestModels.Random(3);
        ModelFile.Save(model, folder["m" + format]);
        string renamed = folder["renamed" + extension];
        File.Move(folder["m" + format], renamed);
        var read = ModelFile.Load(renamed);
        Assert.Equal(32, read.Shape.InputSize);
        if (read.Onnx is not null) return;
        TestModels.AssertSame(model.Weights, read.Weights);
        bool isNamed = ModelFile.Extensions.Contains(extension);
        Assert.Equal(isNamed ? [$"'{renamed}' is a {format} file by its content, and is read as one."] : [], read.Notes);
    }

    [Theory]
    [InlineData(new[] { "epoch", "model", "ema" }, "model", "'ema' is not")]
    [InlineData(new[] { "state_dict", "state_dict_ema", "optimizer" }, "state_dict", "'state_dict_ema' is not")]
    [InlineData(new[] { "epoch", "ema", "optimizer" }, "ema", null)]
    [InlineData(new[] { "epoch", "hyper_parameters", "state_dict" }, "state_dict", null)]
    [InlineData(new[] { "net", "best" }, null, "several sets of weights, 'net', 'best'. Save one of them")]
    public void Chooses_among_the_weights_of_a_checkpoint_and_says_so(string[] keys, string? used, string? expected)
    {
        WriteCheckpoint(folder["c.ckpt"], keys);
        if (used is null)
        {
            Assert.Contains(expected!, Refusal("c.ckpt"), StringComparison.Ordinal);
            return;
        }

        var read = ModelFile.Load(folder["c.ckpt"]);
        Assert.Equal(Array.IndexOf(keys, used), read.Weights["final.bias"].Values[0]);
        var choice = read.Assumptions.Where(w => w.Contains("sets of weights", StringComparison.Ordinal));
        if (expected is null) Assert.Empty(choice);
        else Assert.Contains($"'{used}' is used, and {expected}", Assert.Single(choice), StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(WindowsSystem.IsLinux), SkipType = typeof(WindowsSystem), Skip = "Pipes and devices are files on Linux.")]
    public void Does_not_wait_for_a_pipe_or_read_a_device()
    {
        using (var made = System.Diagnostics.Process.Start("mkfifo", folder["pipe.pth"])) made.WaitForExit();
        File.CreateSymbolicLink(folder["link.pth"], folder["pipe.pth"]);
        foreach (string path in new[] { folder["pipe.pth"], folder["link.pth"], "/dev/zero" })
        {
            string message = Assert.Throws<ModelException>(() => ModelFile.Load(path)).Message;
            Assert.Contains("not a regular file", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Finds_the_model_in_the_folder_of_a_run()
    {
        Directory.CreateDirectory(folder["run"]);
        Directory.CreateDirectory(folder["several", "attempt-1"]);
        ModelFile.Save(TestModels.Random(1), folder["run", "model.safetensors"]);
        File.Copy(folder["run", "model.safetensors"], folder["several", "attempt-1", "model.safetensors"]);
        var read = ModelFile.Load(folder["run"]);
        Assert.Equal((folder["run", "model.safetensors"], "run"), (read.Path, read.Name));
        Assert.Contains($"several attempts of a training. Pass the folder of one, such as '{folder["several", "attempt-1"]}'",
            Refusal("several"), StringComparison.Ordinal);
        File.Move(folder["run", "model.safetensors"], folder["run", "checkpoint.safetensors"]);
        Assert.Contains("has no model yet", Refusal("run"), StringComparison.Ordinal);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>
    /// Writes a dict: <c>epoch</c> is a number, <c>optimizer</c> a dict of dicts with tensors, every other key a state_dict whose final
    /// bias is the number of the key.
    /// </summary>
    private static void WriteCheckpoint(string path, string[] keys)
    {
        var entries = new List<(string, byte[])>();
        byte[] pickle = Crafted.Pickle(p =>
        {
            p.Write(PickleOpcode.EMPTY_DICT);
            foreach (var (index, key) in keys.Index())
            {
                p.Text(key);
                if (key == "epoch") p.Number(3);
                else if (key == "hyper_parameters") Attributes(p);
                else if (key == "optimizer") Nested(p);
                else StateDictionary(p, index);
                p.Write(PickleOpcode.SETITEM);
            }
        });
        Crafted.Zip(path, [("c/data.pkl", pickle), .. entries]);

        // A dict with a class of its own, as Lightning stores the arguments of a network.
        static void Attributes(PickleWriter p)
        {
            p.Global("lightning.fabric.utilities.data", "AttributeDict");
            p.Write(PickleOpcode.EMPTY_TUPLE);
            p.Write(PickleOpcode.NEWOBJ);
            p.Text("lr");
            p.Number(1);
            p.Write(PickleOpcode.SETITEM);
        }

        void Nested(PickleWriter p)
        {
            p.Write(PickleOpcode.EMPTY_DICT);
            p.Text("state");
            StateDictionary(p, 99);
            p.Write(PickleOpcode.SETITEM);
        }

        void StateDictionary(PickleWriter p, int number)
        {
            p.EmptyDictionary();
            p.Mark();
            var weights = TestModels.Weights(1, baseChannels: 16);
            weights["final.bias"].Values[0] = number;
            foreach (var (name, tensor) in weights)
            {
                p.Text(name);
                p.Tensor(entries.Count, tensor.Shape);
                entries.Add(($"c/data/{entries.Count}", Crafted.Bytes(tensor.Values)));
            }

            p.SetItems();
        }
    }

    private string Refusal(string name) => Assert.Throws<ModelException>(() => ModelFile.Load(folder[name])).Message;
}
