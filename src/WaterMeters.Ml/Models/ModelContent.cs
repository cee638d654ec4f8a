using System.Buffers.Binary;
using System.Text;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>Tells what a file is by its content: a model of one of the supported formats, or something else, which is then named.</summary>
internal static class ModelContent
{
    private const int HeadLength = 512;

    private const string ToOnnx = "Convert the network to ONNX and pass the .onnx file.",
        Unpack = "Unpack it, and pass the model file in it.",
        CopyAgain = "Copy the model again from its source.",
        SaveStateDictionary = "Save the network's weights in Python with torch.save(model.state_dict(), 'model.pth').";

    private static readonly (int Offset, byte[] Bytes, string What, string Remedy)[] Others =
    [
        (0, [0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file, as Keras writes it", ToOnnx),
        (4, "TFL3"u8.ToArray(), "a TensorFlow Lite model", ToOnnx),
        (0, [0x08, 0x01, 0x12], "a TensorFlow SavedModel", ToOnnx),
        (4, "ORTM"u8.ToArray(), "a model in the .ort format of ONNX Runtime", "Pass the .onnx file it was made from."),
        (0, "GGUF"u8.ToArray(), "a language model (GGUF), not a network for photos", "Use a model from Start-WmsTraining."),
        (0, [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "a NumPy array", SaveStateDictionary),
        (0, [0x1f, 0x8b], "a gzip archive", Unpack),
        (0, [(byte)'7', (byte)'z', 0xbc, 0xaf], "a 7z archive", Unpack),
        (0, [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "an xz archive", Unpack),
        (0, [0x28, 0xb5, 0x2f, 0xfd], "a Zstandard archive", Unpack),
        (0, "Rar!"u8.ToArray(), "a RAR archive", Unpack),
        (257, "ustar"u8.ToArray(), "a tar archive", Unpack),
        (0, [0x89, (byte)'P', (byte)'N', (byte)'G'], "an image (PNG)", "Pass a model file; photos are a parameter of their own."),
        (0, [0xff, 0xd8, 0xff], "an image (JPEG)", "Pass a model file; photos are a parameter of their own."),
        (0, [0x7f, (byte)'E', (byte)'L', (byte)'F'], "a program", "Pass a model file."),
    ];

    /// <summary>Returns the format's extension; null when the content does not tell, as after damage.</summary>
    /// <exception cref="ModelRefusedException">It is something else; the message says what, and what to do.</exception>
    /// <exception cref="ModelException">It is a Git LFS pointer.</exception>
    public static string? Format(BinaryFile file)
    {
        byte[] head = new byte[Math.Min(file.Length, HeadLength)];
        file.Read(0, head);
        if (LfsPointer.Matches(head)) throw new ModelException(file.Path, LfsPointer.Message(file.Path));
        if (StoredZip.HasSignature(file)) return Zip(file);
        if (IsSafeTensors(head, file.Length)) return ".safetensors";
        if (head is [(byte)PickleOpcode.PROTO, 2, ..]) return ".pth";
        if (head is [(byte)PickleOpcode.PROTO, >= 3 and <= 5, ..])
        {
            throw new ModelRefusedException(
                $"it is a Python pickle, but not one of torch.save, and nothing in a model file is ever executed. {SaveStateDictionary}");
        }

        foreach (var (offset, bytes, what, remedy) in Others)
        {
            bool isLong = head.Length >= offset + bytes.Length;
            if (isLong && head.AsSpan(offset, bytes.Length).SequenceEqual(bytes)) throw Other(what, remedy);
        }

        // ModelProto: the IR version, then a field whose number and type belong to it.
        if (head is [0x08, >= 3 and < 32, 0x12 or 0x1a or 0x22 or 0x28 or 0x32 or 0x3a or 0x42, ..]) return ".onnx";
        if (IsText(head)) throw TextFile(head);
        return null;
    }

    private static string Zip(BinaryFile file)
    {
        var names = StoredZip.Names(file);
        bool Has(string end) => names.Any(n => n == end || n.EndsWith("/" + end, StringComparison.Ordinal));
        if (Has("model_weights_config.json")) return ".pt2";
        if (Has("serialized_exported_program.json") || Has("models/model.json"))
        {
            throw new ModelRefusedException($"it is an exported program of another PyTorch version. {SaveStateDictionary}");
        }

        if (names.Any(n => n.Contains("data/aotinductor/", StringComparison.Ordinal)))
        {
            throw new ModelRefusedException($"it is a compiled program of PyTorch (AOTInductor). {SaveStateDictionary}");
        }

        if (Has("data.pkl") || names.Count == 0) return ".pth";
        if (names.All(n => n.EndsWith(".npy", StringComparison.Ordinal))) throw Other("an archive of NumPy arrays", SaveStateDictionary);
        if (Has("model.weights.h5")) throw Other("a Keras model", ToOnnx);
        string? model = names.FirstOrDefault(n => ModelFile.Extensions.Contains(Path.GetExtension(n), StringComparer.OrdinalIgnoreCase));
        string content = model is null ? ", but not of PyTorch" : $" with '{ModelRefusedException.ForMessage(model)}' in it";
        throw Other("a zip archive" + content, Unpack);
    }

    private static bool IsSafeTensors(ReadOnlySpan<byte> head, long length)
    {
        if (head.Length < 9 || head[8] != (byte)'{') return false;
        long header = BinaryPrimitives.ReadInt64LittleEndian(head);
        return header >= 2 && header <= length - 8;
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (byte b in head)
        {
            if (b is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0c) or 0x7f) return false;
        }

        // The last character may be cut off.
        int end = head.Length;
        for (int back = 1; back <= 4 && back <= head.Length && head[^back] >= 0x80; back++) end = head.Length - back;
        return System.Text.Unicode.Utf8.IsValid(head[..end]);
    }

    private static ModelRefusedException TextFile(ReadOnlySpan<byte> head)
    {
        string start = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\r', '\n', '\t');
        bool Begins(string text) => start.StartsWith(text, StringComparison.OrdinalIgnoreCase);
        if (Begins("<!doctype html") || Begins("<html"))
        {
            return Other("a web page", "Download the model file itself, not the page that links to it.");
        }

        return Begins("<?xml") ? Other("an XML file, as OpenVINO writes it beside its weights", ToOnnx) : Other("a text file", CopyAgain);
    }

    private static ModelRefusedException Other(string what, string remedy) => new($"it is {what}. {remedy}");
}
