using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>
/// Reads and writes files of torch.save: the zip of PyTorch 1.6 and later, or the sequence of pickles before (read only).
/// </summary>
internal static class PthFile
{
    // The numbers at the start of a file from before PyTorch 1.6.
    private const int OldProtocol = 1001, MaxPickle = 2 << 20;
    private static readonly BigInteger OldMagic =
        BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    // The folder in the zip when torch.save does not know the file's name.
    private const string Prefix = "archive/";

    /// <summary>Reads a file; executes nothing.</summary>
    /// <exception cref="ModelException">It is missing, damaged or refused; the message says why.</exception>
    public static StoredTensors Read(string path) => BinaryFile.Open(path, ".pth", file => Contents(file).ReadAll(file));

    /// <summary>Reads the description of the tensors in a file.</summary>
    public static TorchContents Contents(BinaryFile file) => StoredZip.HasSignature(file) ? FromZip(file) : FromOld(file);

    /// <summary>Writes a state_dict as torch.save does, completely or not at all. The same tensors give the same bytes.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="metadata">The metadata; PyTorch ignores them.</param>
    /// <param name="tensors">The tensors, float32 and int64 scalars, by name in the order of the state_dict.</param>
    public static void Write(
        string path,
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyList<(string Name, WeightTensor? Tensor, long Counter)> tensors) =>
        AtomicFile.Write(path, stream => Write(stream, metadata, tensors));

    private static void Write(
        Stream stream,
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyList<(string Name, WeightTensor? Tensor, long Counter)> tensors)
    {
        var pickle = new PickleWriter();
        pickle.Begin();
        pickle.EmptyDictionary();
        pickle.Mark();
        for (int i = 0; i < tensors.Count; i++)
        {
            pickle.Text(tensors[i].Name);
            pickle.Tensor(i, tensors[i].Tensor?.Shape);
        }

        pickle.SetItems();
        pickle.Stop();
        var zip = new StoredZipWriter(stream);
        zip.Add(Prefix + "data.pkl", pickle.Bytes);
        zip.Add(Prefix + "byteorder", "little"u8);
        for (int i = 0; i < tensors.Count; i++)
        {
            var count = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(count, tensors[i].Counter);
            var content = tensors[i].Tensor is { } tensor ? MemoryMarshal.AsBytes(tensor.Values.AsSpan()) : count;
            zip.Add(FormattableString.Invariant($"{Prefix}data/{i}"), content);
        }

        zip.Add(Prefix + TorchContents.MetadataEntry, MetadataText.Write(metadata));
        zip.Add(Prefix + "version", "3\n"u8);
        zip.Finish();
    }

    private static TorchContents FromZip(BinaryFile file)
    {
        var zip = new StoredZip(file);
        string prefix = zip.Prefix("data.pkl", ".pth");
        if (zip.Find(prefix + "constants.pkl") is not null)
        {
            throw new ModelRefusedException(
                "it is a TorchScript archive, which is a program, and nothing in a model file is ever executed. Save the network's " +
                "weights in Python: torch.save(torch.jit.load('model.pt').state_dict(), 'model.pth').");
        }

        TorchContents.RequireLittleEndian(zip, prefix);
        var storages = new TorchStorages();
        byte[] pickle = zip.Read(zip.Find(prefix + "data.pkl")!, MaxPickle);
        int at = 0;
        object? root = PickleReader.Read(pickle, ref at, storages);
        foreach (var (key, storage) in storages.All)
        {
            storage.Entry = zip.Find($"{prefix}data/{key}")
                ?? throw new InvalidDataException($"its zip does not contain the storage 'data/{ModelRefusedException.ForMessage(key)}'");
            storage.Offset = storage.Entry.Offset;
            if (storage.Entry.Length == storage.Bytes) continue;
            throw new InvalidDataException(
                $"its storage '{ModelRefusedException.ForMessage(key)}' has {storage.Entry.Length} bytes, but {storage.Count} " +
                $"elements of {storage.Type} are claimed");
        }

        var tensors = StateDictionary.Find(root, out string? choice);
        return new TorchContents(tensors, TorchContents.ReadMetadata(zip, prefix), zip) { Choice = choice };
    }

    /// <summary>
    /// Reads the format before PyTorch 1.6: magic number, protocol, system information, the object, the storages' keys; then the number of
    /// elements and the bytes of each storage.
    /// </summary>
    private static TorchContents FromOld(BinaryFile file)
    {
        byte[] head = file.Read(0, Math.Min(file.Length, MaxPickle), MaxPickle, "its beginning");
        if (head is not [(byte)PickleOpcode.PROTO, 2, ..]) throw new InvalidDataException("it is neither a zip nor a pickle of protocol 2");
        var storages = new TorchStorages();
        int at = 0;
        if (Next() is not BigInteger magic || magic != OldMagic || Next() is not (long)OldProtocol)
        {
            throw new InvalidDataException("it starts with a pickle, but not one of torch.save");
        }

        if (Next() is not PickleDictionary machine || machine.Find("little_endian") is not true)
        {
            throw new ModelRefusedException("its numbers are big-endian. Save it on a little-endian machine.");
        }

        object? root = Next();
        if (Next() is not List<object?> keys) throw new InvalidDataException("it does not list its storages");

        long offset = at;
        foreach (object? key in keys)
        {
            if (key is not string name || !storages.All.TryGetValue(name, out var storage) || storage.Offset >= 0)
            {
                throw new InvalidDataException("it lists a storage that its pickle does not name, or lists one twice");
            }

            long count = file.ReadInt64(offset), bytesLeft = file.Length - offset - 8;
            if (count != storage.Count || storage.Bytes > bytesLeft)
            {
                throw new InvalidDataException($"its storage '{ModelRefusedException.ForMessage(name)}' claims {count} elements, " +
                    $"but {storage.Count} are expected and {bytesLeft} bytes are left");
            }

            storage.Offset = offset + 8;
            offset = storage.Offset + storage.Bytes;
        }

        var missing = storages.All.Values.FirstOrDefault(s => s.Offset < 0);
        if (missing is not null)
        {
            throw new InvalidDataException($"it does not contain the storage '{ModelRefusedException.ForMessage(missing.Key)}'");
        }

        var tensors = StateDictionary.Find(root, out string? choice);
        return new TorchContents(tensors, new Dictionary<string, string>(), null) { Choice = choice };

        object? Next() => PickleReader.Read(head, ref at, storages);
    }
}
