using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>The tensors in a PyTorch file, before their values are read.</summary>
/// <param name="Tensors">The tensors by name, in the file's order.</param>
/// <param name="Metadata">The metadata of this module; empty in a file from elsewhere.</param>
/// <param name="Zip">The zip that contains them; null in the format before PyTorch 1.6.</param>
internal sealed record TorchContents(
    IReadOnlyList<(string Name, TorchTensor Tensor)> Tensors, IReadOnlyDictionary<string, string> Metadata, StoredZip? Zip)
{
    /// <summary>The zip entry of this module's metadata, without the prefix: PyTorch ignores <c>extra/</c>.</summary>
    public const string MetadataEntry = "extra/watermeters.json";

    /// <summary>The most tensors a file may have.</summary>
    public const int MaxTensors = 10_000;

    private const long Slack = 4 << 20;

    /// <summary>A sentence about the choice among several sets of weights; null when there is one set only.</summary>
    public string? Choice { get; init; }

    /// <summary>Reads this module's metadata from a zip; empty when there are none.</summary>
    public static IReadOnlyDictionary<string, string> ReadMetadata(StoredZip zip, string prefix) =>
        zip.Find(prefix + MetadataEntry) is { } entry
            ? MetadataText.Read(zip.Read(entry, MetadataText.MaxBytes))
            : new Dictionary<string, string>();

    /// <summary>Refuses big-endian numbers.</summary>
    public static void RequireLittleEndian(StoredZip zip, string prefix)
    {
        if (zip.Find(prefix + "byteorder") is not { } entry) return;
        string order = System.Text.Encoding.ASCII.GetString(zip.Read(entry, 64)).Trim();
        if (order != "little") throw new ModelRefusedException($"its numbers are '{order}'-endian. Save it on a little-endian machine.");
    }

    /// <summary>
    /// Checks all tensors, then reads them: floating-point ones as float32, int64 scalars, and only the names of the others.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="check">Checks the header before the values are read; null accepts any, with the names it has.</param>
    public StoredTensors ReadAll(BinaryFile file, HeaderCheck? check = null)
    {
        Check();
        var floats = Tensors.Where(t => t.Tensor.Type.IsFloat()).Select(t => (t.Name, t.Tensor.Shape));
        var nameOf = check?.Invoke(new StoredHeader { Metadata = Metadata, Tensors = [.. floats], Choice = Choice }) ?? (name => name);
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
            if (counter) counters[nameOf(name)] = file.ReadInt64(tensor.FileOffset);
            else tensors[nameOf(name)] = new WeightTensor(tensor.Shape, reader.Read(tensor));
        }

        return new StoredTensors { Metadata = Metadata, Tensors = tensors, Counters = counters, Others = others };
    }

    /// <summary>
    /// Checks that the tensors together do not expand to more than twice what the file stores, nor read it many times: views can share a
    /// storage, and a stride of 0 repeats an element.
    /// </summary>
    private void Check()
    {
        if (Tensors.Count > MaxTensors) throw new InvalidDataException($"it has more than {MaxTensors} tensors");
        foreach (var (name, tensor) in Tensors) tensor.Check(name);
        long stored = Tensors.Select(t => t.Tensor.Slice.Storage).Distinct().Sum(s => s.Bytes), expanded = 0, spanned = 0;
        foreach (var (name, tensor) in Tensors.Where(t => t.Tensor.Type.IsFloat()))
        {
            expanded += tensor.Count * sizeof(float);
            spanned += tensor.Span * tensor.Type.Size();
            if (expanded > (2 * stored) + Slack || spanned > (4 * stored) + Slack)
            {
                throw new InvalidDataException("its tensors share storages so often that they are more than twice what it stores, " +
                    $"at '{ModelRefusedException.ForMessage(name)}', {WeightTensor.Describe(tensor.Shape)}");
            }
        }
    }
}
