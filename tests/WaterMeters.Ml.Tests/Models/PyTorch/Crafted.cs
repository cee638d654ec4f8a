using System.Runtime.InteropServices;
using WaterMeters.Ml.Models.PyTorch;

namespace WaterMeters.Ml.Tests.Models.PyTorch;

/// <summary>Builds valid and invalid files byte by byte.</summary>
internal static class Crafted
{
    public static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    public static void Zip(string path, params (string Name, byte[] Bytes)[] entries) => File.WriteAllBytes(path, Zip(entries));

    public static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var stream = new MemoryStream();
        var zip = new StoredZipWriter(stream);
        foreach (var (name, bytes) in entries) zip.Add(name, bytes);
        zip.Finish();
        return stream.ToArray();
    }

    /// <summary>Builds a .pth file whose dict contains one tensor "w".</summary>
    public static byte[] OneTensor(long count, long offset, long[] shape, long[] strides, byte[] storage, string type = "FloatStorage")
    {
        byte[] bytes = Pickle(pickle =>
        {
            pickle.Write(PickleOpcode.EMPTY_DICT);
            pickle.Text("w");
            Tensor(pickle, "0", count, offset, shape, strides, type);
            pickle.Write(PickleOpcode.SETITEM);
        });
        return Zip(("a/data.pkl", bytes), ("a/data/0", storage));
    }

    public static byte[] Pickle(Action<PickleWriter> body)
    {
        var pickle = new PickleWriter();
        pickle.Begin();
        body(pickle);
        pickle.Stop();
        return pickle.Bytes.ToArray();
    }

    public static void Storage(PickleWriter pickle, string key, long count, string type)
    {
        pickle.Mark();
        pickle.Text("storage");
        pickle.Global("torch", type);
        pickle.Text(key);
        pickle.Text("cpu");
        pickle.Number(count);
        pickle.Tuple();
        pickle.Write(PickleOpcode.BINPERSID);
    }

    public static void Tensor(PickleWriter pickle, string key, long count, long offset, long[] shape, long[] strides,
        string type = "FloatStorage")
    {
        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        pickle.Mark();
        Storage(pickle, key, count, type);
        pickle.Number(offset);
        foreach (long[] numbers in new[] { shape, strides })
        {
            pickle.Mark();
            foreach (long number in numbers) pickle.Number(number);
            pickle.Tuple();
        }

        pickle.Boolean(false);
        pickle.EmptyDictionary();
        pickle.Tuple();
        pickle.Reduce();
    }
}
