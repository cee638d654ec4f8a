using System.Text.Json;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>
/// Reads the weights from a file of torch.export.save: a zip whose <c>data/weights/model_weights_config.json</c> has each tensor's file,
/// type, sizes and strides. The program in it is not read.
/// </summary>
internal static class Pt2File
{
    private const string Folder = "data/weights/", Index = Folder + "model_weights_config.json";
    private const int MaxIndex = 2 << 20, MaxDimensions = SafeTensorEntry.MaxDimensions;

    // torch.export's number for a dense tensor.
    private const int Strided = 7;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelException">It is missing, damaged or refused; the message says why.</exception>
    public static StoredTensors Read(string path) => BinaryFile.Open(path, ".pt2", file => Contents(file).ReadAll(file));

    /// <summary>Reads the description of the tensors in a file.</summary>
    public static TorchContents Contents(BinaryFile file)
    {
        if (!StoredZip.HasSignature(file)) throw new InvalidDataException("it is not a zip");
        var zip = new StoredZip(file);
        string prefix = zip.Prefix(Index, ".pt2 of PyTorch 2.4 or later");
        TorchContents.RequireLittleEndian(zip, prefix);
        using var json = JsonDocument.Parse(zip.Read(zip.Find(prefix + Index)!, MaxIndex));
        var storages = new TorchStorages();
        var tensors = new List<(string, TorchTensor)>();
        foreach (var property in json.RootElement.GetProperty("config").EnumerateObject())
        {
            if (property.Name.Length > MetadataText.MaxName)
            {
                throw new InvalidDataException(
                    $"it has a name of {property.Name.Length} characters; at most {MetadataText.MaxName} are supported");
            }

            tensors.Add((property.Name, Tensor(zip, prefix, storages, property.Name, property.Value)));
        }

        return new TorchContents(tensors, TorchContents.ReadMetadata(zip, prefix), zip);
    }

    private static TorchTensor Tensor(StoredZip zip, string prefix, TorchStorages storages, string name, JsonElement weight)
    {
        if (weight.TryGetProperty("use_pickle", out var pickled) && pickled.GetBoolean())
        {
            throw new ModelRefusedException(
                $"its tensor '{name}' is a pickled object. Save the network's weights with torch.save(model.state_dict(), ...).");
        }

        var meta = weight.GetProperty("tensor_meta");
        int dtype = meta.GetProperty("dtype").GetInt32(), layout = meta.GetProperty("layout").GetInt32();
        var type = Type(dtype) ?? throw new ModelRefusedException(
            $"its tensor '{name}' has the element type {dtype} of torch.export, which is not supported. Save a network with " +
            "floating-point weights.");
        if (layout != Strided)
        {
            throw new ModelRefusedException(
                $"its tensor '{name}' has the layout {layout} of torch.export, which is not dense. Save a network with dense weights.");
        }

        string path = weight.GetProperty("path_name").GetString() ?? "";
        var entry = zip.Find(prefix + Folder + path)
            ?? throw new InvalidDataException($"its zip does not contain '{Folder}{ModelRefusedException.ForMessage(path)}'");
        if (entry.Length % type.Size() != 0)
        {
            throw new InvalidDataException($"its tensor '{name}' has {entry.Length} bytes, which is not a whole number of {type} elements");
        }

        var storage = storages.Storage(path, type, entry.Length / type.Size());
        (storage.Entry, storage.Offset) = (entry, entry.Offset);
        return new TorchTensor(
            new TorchSlice(storage, 0, storage.Count),
            Number(meta.GetProperty("storage_offset")),
            Numbers(meta.GetProperty("sizes")),
            Numbers(meta.GetProperty("strides")));
    }

    private static long[] Numbers(JsonElement values) => values.GetArrayLength() <= MaxDimensions
        ? [.. values.EnumerateArray().Select(Number)]
        : throw new InvalidDataException($"it has a tensor with more than {MaxDimensions} dimensions");

    private static long Number(JsonElement value) => value.GetProperty("as_int").GetInt64();

    /// <summary>Returns the element type of a number of torch.export (torch/_export/serde/schema.py); null when unsupported.</summary>
    private static ElementType? Type(int number) => number switch
    {
        1 => ElementType.U8,
        2 => ElementType.I8,
        3 => ElementType.I16,
        4 => ElementType.I32,
        5 => ElementType.I64,
        6 => ElementType.F16,
        7 => ElementType.F32,
        8 => ElementType.F64,
        12 => ElementType.BOOL,
        13 => ElementType.BF16,
        _ => null,
    };
}
