using System.Text;
using WaterMeters.Fuzz;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Tests.Models.PyTorch;

/// <summary>
/// Reads files crafted to be expensive. A <see cref="Trial"/> fails when one costs more than twice its length plus 64 MB.
/// </summary>
public class ReadingCostTests
{
    [Fact]
    public void Converts_half_precision_numbers_without_another_copy()
    {
        using var folder = new TempFolder();
        const long Elements = 40 << 20;
        byte[] header = Encoding.UTF8.GetBytes(
            $$$"""{"w":{"dtype":"F16","shape":[{{{Elements}}}],"data_offsets":[0,{{{2 * Elements}}}]}}""");
        using (var file = File.Create(folder["half.safetensors"]))
        {
            file.Write(BitConverter.GetBytes((long)header.Length));
            file.Write(header);
            file.SetLength(8 + header.Length + (2 * Elements));
        }

        Assert.Contains("enc1.0.weight", Trial.Run(folder["half.safetensors"]).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("]")]
    [InlineData("}")]
    [InlineData("N\u0085")]
    [InlineData("(")]
    [InlineData("]q\u0001")]
    [InlineData("N")]
    [InlineData("U\u0001a")]
    [InlineData("ca\nb\n")]
    [InlineData(")\u0081")]
    public void Reads_a_pickle_whose_every_byte_is_an_object_or_stack_entry(string unit)
    {
        using var folder = new TempFolder();
        byte[] many = Enumerable.Repeat(Encoding.Latin1.GetBytes(unit), (2 << 20) / unit.Length - 8).SelectMany(b => b).ToArray();
        Crafted.Zip(folder["many.pth"], ("a/data.pkl", [0x80, 2, .. many]));
        Assert.NotNull(Trial.Run(folder["many.pth"]).Refusal);
    }

    [Fact]
    public void Reads_modules_whose_shared_children_or_parameters_expand_without_bound()
    {
        using var folder = new TempFolder();
        Crafted.Zip(folder["bomb.pth"], ("a/data.pkl", Crafted.Pickle(p => Nest(p, 28))));
        Assert.Contains("nested and shared", Trial.Run(folder["bomb.pth"]).Refusal, StringComparison.Ordinal);
        Crafted.Zip(folder["wide.pth"], ("a/data.pkl", Crafted.Pickle(Widen)), ("a/data/0", new byte[4]));
        Assert.Contains("more than 10000 tensors", Trial.Run(folder["wide.pth"]).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_list_or_a_size_that_is_copied_many_times()
    {
        using var folder = new TempFolder();
        Crafted.Zip(folder["copies.pth"], ("a/data.pkl", Crafted.Pickle(CopyOften)));
        Assert.Contains("more than 200000 steps", Trial.Run(folder["copies.pth"]).Refusal, StringComparison.Ordinal);
        Crafted.Zip(folder["sizes.pth"], ("a/data.pkl", Crafted.Pickle(SizeOften)), ("a/data/0", new byte[4]));
        Assert.Contains("30000 dimensions", Trial.Run(folder["sizes.pth"]).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_headers_of_many_hashes_or_names()
    {
        using var folder = new TempFolder();
        string hashes = string.Join(' ', Enumerable.Repeat(new string('a', 64), 360_000));
        var metadata = new Dictionary<string, string> { ["watermeters.training_photos"] = hashes, ["watermeters.validation_photos"] = "" };
        var noTensors = new Dictionary<string, WeightTensor>();
        SafeTensorsFile.Write(folder["hashes.safetensors"], metadata, noTensors, new Dictionary<string, long>());
        Assert.NotNull(Trial.Run(folder["hashes.safetensors"]).Refusal);
        var entries = Enumerable.Range(0, 200_000).Select(i => $"\"{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}");
        byte[] names = Encoding.UTF8.GetBytes("{" + string.Join(',', entries) + "}");
        File.WriteAllBytes(folder["names.safetensors"], [.. BitConverter.GetBytes((long)names.Length), .. names]);
        Assert.Contains("more than", Trial.Run(folder["names.safetensors"]).Refusal, StringComparison.Ordinal);
    }

    /// <summary>Writes a module that has the same child twice, at each level.</summary>
    private static void Nest(PickleWriter pickle, int levels)
    {
        pickle.Global("m", "Net");
        pickle.Write(PickleOpcode.EMPTY_TUPLE);
        pickle.Write(PickleOpcode.NEWOBJ);
        if (levels > 0)
        {
            pickle.Write(PickleOpcode.EMPTY_DICT);
            pickle.Text("_modules");
            pickle.Write(PickleOpcode.EMPTY_DICT);
            pickle.Mark();
            pickle.Text("a");
            Nest(pickle, levels - 1);
            pickle.Text("b");
            pickle.Write(PickleOpcode.BINGET, (byte)(levels - 1));
            pickle.SetItems();
            pickle.Write(PickleOpcode.SETITEM);
            pickle.Write(PickleOpcode.BUILD);
        }

        pickle.Write(PickleOpcode.BINPUT, (byte)levels);
    }

    /// <summary>Writes a module of 5,000 modules that share a dict of 5,000 parameters.</summary>
    private static void Widen(PickleWriter pickle)
    {
        pickle.Global("m", "Net");
        pickle.Write(PickleOpcode.EMPTY_TUPLE);
        pickle.Write(PickleOpcode.NEWOBJ);
        pickle.Write(PickleOpcode.EMPTY_DICT);
        pickle.Text("_modules");
        pickle.Write(PickleOpcode.EMPTY_DICT);
        pickle.Mark();
        for (int module = 0; module < 5000; module++)
        {
            pickle.Text($"m{module}");
            pickle.Global("m", "Net");
            pickle.Write(PickleOpcode.EMPTY_TUPLE);
            pickle.Write(PickleOpcode.NEWOBJ);
            if (module == 0)
            {
                pickle.Write(PickleOpcode.EMPTY_DICT);
                pickle.Text("_parameters");
                pickle.Write(PickleOpcode.EMPTY_DICT);
                pickle.Mark();
                for (int i = 0; i < 5000; i++)
                {
                    pickle.Text($"p{i}");
                    if (i == 0) Crafted.Tensor(pickle, "0", 1, 0, [1], [1]);
                    pickle.Write(i == 0 ? PickleOpcode.BINPUT : PickleOpcode.BINGET, 0);
                }

                pickle.SetItems();
                pickle.Write(PickleOpcode.SETITEM);
            }

            pickle.Write(module == 0 ? PickleOpcode.BINPUT : PickleOpcode.BINGET, 1);
            pickle.Write(PickleOpcode.BUILD);
        }

        pickle.SetItems();
        pickle.Write(PickleOpcode.SETITEM);
        pickle.Write(PickleOpcode.BUILD);
    }

    private static void CopyOften(PickleWriter pickle)
    {
        pickle.Write(PickleOpcode.EMPTY_LIST);
        pickle.Mark();
        for (int i = 0; i < 30_000; i++)
        {
            pickle.Write(PickleOpcode.NONE);
            pickle.Write(PickleOpcode.NONE);
            pickle.Write(PickleOpcode.TUPLE2);
        }

        pickle.Write(PickleOpcode.APPENDS);
        pickle.Write(PickleOpcode.BINPUT, 0);
        pickle.Global("collections", "OrderedDict");
        pickle.Write(PickleOpcode.BINPUT, 1);
        for (int i = 0; i < 10_000; i++)
        {
            pickle.Write(PickleOpcode.BINGET, 1);
            pickle.Write(PickleOpcode.BINGET, 0);
            pickle.Write(PickleOpcode.TUPLE1);
            pickle.Reduce();
        }
    }

    private static void SizeOften(PickleWriter pickle)
    {
        pickle.Mark();
        for (int i = 0; i < 30_000; i++) pickle.Number(1);
        pickle.Tuple();
        pickle.Write(PickleOpcode.BINPUT, 0);
        Crafted.Storage(pickle, "0", 1, "FloatStorage");
        pickle.Write(PickleOpcode.BINPUT, 1);
        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        pickle.Write(PickleOpcode.BINPUT, 2);
        for (int i = 0; i < 10_000; i++)
        {
            pickle.Write(PickleOpcode.BINGET, 2);
            pickle.Mark();
            pickle.Write(PickleOpcode.BINGET, 1);
            pickle.Number(0);
            pickle.Write(PickleOpcode.BINGET, 0);
            pickle.Write(PickleOpcode.BINGET, 0);
            pickle.Boolean(false);
            pickle.Write(PickleOpcode.NONE);
            pickle.Tuple();
            pickle.Reduce();
        }
    }
}
