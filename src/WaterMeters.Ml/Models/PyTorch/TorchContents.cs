using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>The tensors that a file of PyTorch's names, not read yet.</summary>
/// <param name="Tensors">The tensors by name, in the file's order.</param>
/// <param name="Metadata">Text that this module put beside them; empty in a file from elsewhere.</param>
/// <param name="Zip">The zip they lie in; null in the old format.</param>
internal sealed record TorchContents(IReadOnlyList<(string Name, TorchTensor Tensor)> Tensors, IReadOnlyDictionary<string, string> Metadata, StoredZip? Zip)
{
    /// <summary>Where this module's text lies in a zip, behind the prefix: PyTorch passes over what lies in <c>extra/</c>.</summary>
    public const string MetadataEntry = "extra/watermeters.json";

    /// <summary>Tensors a file may name.</summary>
    public const int MaxTensors = 10_000;

    private const long Slack = 4 << 20;

    /// <summary>This module's text in a zip.</summary>
    public static IReadOnlyDictionary<string, string> ReadMetadata(StoredZip zip, string prefix) =>
        zip.Find(prefix + MetadataEntry) is { } entry ? MetadataText.Read(zip.Read(entry, MetadataText.MaxBytes)) : new Dictionary<string, string>();

    /// <summary>Refuses numbers of the other byte order.</summary>
    public static void RequireLittleEndian(StoredZip zip, string prefix)
    {
        if (zip.Find(prefix + "byteorder") is not { } entry) return;
        string order = System.Text.Encoding.ASCII.GetString(zip.Read(entry, 64)).Trim();
        if (order != "little") throw new ModelRefusedException($"its numbers are '{order}'-endian. Save it on a little-endian machine.");
    }

    /// <summary>Checks all tensors, then reads them: floating-point ones as float32, int64 scalars, of the others the names.</summary>
    public StoredTensors ReadAll(BinaryFile file)
    {
        Check();
        var reader = new StridedReader(file);
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var counters = new Dictionary<string, long>(StringComparer.Ordinal);
        var others = new List<string>();
        foreach (var (name, tensor) in Tensors)
        {
            bool counter = tensor is { Type: ElementType.I64, Shape.Length: 0 };
            if (!tensor.Type.IsFloat() && !counter)
            {
                others.Add(name);
                continue;
            }

            if (tensor.Slice.Storage.Entry is { } entry) Zip!.Verify(entry);
            if (counter) counters[name] = file.ReadInt64(tensor.Place);
            else tensors[name] = new WeightTensor(tensor.Shape, reader.Read(tensor));
        }

        return new StoredTensors { Metadata = Metadata, Tensors = tensors, Counters = counters, Others = others };
    }

    /// <summary>
    /// Views may share a storage, and a stride of 0 makes many elements of one; together they may not unfold to more than twice
    /// what lies in the file, nor have it read over and over.
    /// </summary>
    private void Check()
    {
        if (Tensors.Count > MaxTensors) throw new InvalidDataException($"it names more than {MaxTensors} tensors");
        foreach (var (name, tensor) in Tensors) tensor.Check(name);
        long stored = Tensors.Select(t => t.Tensor.Slice.Storage).Distinct().Sum(s => s.Bytes), unfolded = 0, reached = 0;
        foreach (var (name, tensor) in Tensors.Where(t => t.Tensor.Type.IsFloat()))
        {
            unfolded += tensor.Count * sizeof(float);
            reached += tensor.Span * tensor.Type.Size();
            if (unfolded > (2 * stored) + Slack || reached > (4 * stored) + Slack)
            {
                throw new InvalidDataException($"its tensors share storages until they are more than twice what it holds, at '{ModelRefusedException.Shown(name)}', {WeightTensor.Describe(tensor.Shape)}");
            }
        }
    }
}
