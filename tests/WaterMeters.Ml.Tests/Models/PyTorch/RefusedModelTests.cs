using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using WaterMeters.Fuzz;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.PyTorch;

namespace WaterMeters.Ml.Tests.Models.PyTorch;

/// <summary>The PyTorch readers refuse what is unsafe or invalid, and name it.</summary>
public class RefusedModelTests
{
    public static TheoryData<string, string> Pickles => new()
    {
        // Calls of functions that this module does not implement, in every form that protocol 2 has.
        { "cos\nsystem\nU\u0002id\u0085R.", "'os.system'" },
        { "cos\u001b[2J\nsystem\r\nU\u0002id\u0085R.", "'os\uFFFD[2J.system\uFFFD'" },
        { "cnt\nsystem\nU\u0002id\u0085R.", "'nt.system'" },
        { "cbuiltins\nexec\nU\u0002id\u0085R.", "'builtins.exec'" },
        { "csubprocess\nPopen\nU\u0002id\u0085R.", "'subprocess.Popen'" },
        { "ctorch\nload\nU\u0002id\u0085R.", "'torch.load'" },
        { "c__builtin__\ngetattr\nNN\u0086R.", "'__builtin__.getattr'" },
        { "ctorch._utils\n_rebuild_tensor\n)R.", "'torch._utils._rebuild_tensor'" },
        { "ctorch.storage\n_load_from_bytes\nU\u0002id\u0085R.", "'torch.storage._load_from_bytes'" },

        // Inert objects are not functions.
        { "cos\nsystem\n)\u0081U\u0002id\u0085R.", "REDUCE" },
        { "cos\nsystem\nNb.", "BUILD" },
        { "N)\u0081.", "NEWOBJ" },

        // Opcodes that call or import by themselves, or belong to other protocols.
        { "(S'id'\nios\nsystem\n.", "STRING" },
        { "(U\u0002idios\nsystem\n.", "INST" },
        { "(cos\nsystem\nU\u0002ido.", "OBJ" },
        { "U\u0002osU\u0006system\u0093U\u0002id\u0085R.", "STACK_GLOBAL" },
        { "cos\nsystem\n)}\u0092.", "NEWOBJ_EX" },
        { "\u0082\u0001.", "EXT1" },
        { "P0\n.", "PERSID" },
        { "N0N.", "POP" },
        { "\u00ff.", "0xff" },
        { "\u0080\u0004N.", "protocol 4" },

        // Storages that cannot contain weights.
        { "(U\u0007storagectorch\nComplexFloatStorage\nU\u00010U\u0003cpuK\u0001tQ.", "'torch.ComplexFloatStorage'" },
        { "(U\u0007storagecos\nFloatStorage\nU\u00010U\u0003cpuK\u0001tQ.", "'os.FloatStorage'" },
    };

    public static TheoryData<string> BrokenPickles =>
    [
        "", ".", "N", "NN.", "(N.", "N\u0085\u0085", "t.", "(0.", "h\u0001.", "j\u0001\u0000\u0000\u0000.", "X\u00ff\u00ff\u00ff\u00ffa.",
        "U\u00ffa.", "cos", "cos\n", "\u008a\u00ff.", "Na.", "NNs.", "(NNNu.", "}(Nu.", "](NR.", "NQ.", ")Q.",
        "(U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuJ\u00ff\u00ff\u00ff\u00fftQ.", "ccollections\nOrderedDict\nN\u0085R.",
        "ccollections\nOrderedDict\n]N\u0061\u0085R.", "c__builtin__\nset\n)R.",
        "ctorch._utils\n_rebuild_parameter\nNNN\u0087R.", "ctorch._utils\n_rebuild_tensor_v2\n)R.", "X\u0001\u0000\u0000\u0000\u00ff.",
    ];

    [Theory]
    [MemberData(nameof(Pickles))]
    public void Refuses_unsafe_and_unsupported_pickles_and_names_the_reason(string pickle, string named)
    {
        using var folder = new TempFolder();
        Crafted.Zip(folder["m.pth"], ("a/data.pkl", [0x80, 2, .. Encoding.Latin1.GetBytes(pickle)]));
        var error = Assert.Throws<ModelException>(() => ModelFile.Load(folder["m.pth"]));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("Refused to load", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BrokenPickles))]
    public void Refuses_an_invalid_pickle(string pickle)
    {
        using var folder = new TempFolder();
        Crafted.Zip(folder["m.pth"], ("a/data.pkl", [0x80, 2, .. Encoding.Latin1.GetBytes(pickle)]));
        Assert.Throws<ModelException>(() => ModelFile.Load(folder["m.pth"]));
    }

    [Theory]
    [InlineData(4, 1, new long[] { 4 }, new long[] { 1 }, "outside of its storage")]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 3, 1 }, "outside of its storage")]
    [InlineData(4, -1, new long[] { 2 }, new long[] { 1 }, "do not fit")]
    [InlineData(4, 0, new long[] { -2 }, new long[] { 1 }, "do not fit")]
    [InlineData(4, 3, new long[] { 2 }, new long[] { -1 }, "do not fit")]
    [InlineData(4, 0, new long[] { 2 }, new long[] { 1, 1 }, "do not fit")]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 1, 1 }, "overlaps itself")]
    [InlineData(4, 0, new long[] { long.MaxValue, 4 }, new long[] { 0, 1 }, "larger than any file")]
    [InlineData(4, 0, new long[] { 4 }, new long[] { long.MaxValue }, "larger than any file")]
    [InlineData(4, 0, new long[] { 1L << 40 }, new long[] { 0 }, "outside of its storage")]
    [InlineData(4, 0, new long[] { 1L << 30 }, new long[] { 0 }, "more than twice")]
    [InlineData(5, 0, new long[] { 4 }, new long[] { 1 }, "16 bytes, but 5 elements")]
    [InlineData(long.MaxValue, 0, new long[] { 4 }, new long[] { 1 }, "claims")]
    public void Refuses_a_tensor_that_reaches_outside_of_its_storage(long count, long offset, long[] shape, long[] strides, string why)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["m.pth"], Crafted.OneTensor(count, offset, shape, strides, new byte[16]));
        var trial = Trial.Run(folder["m.pth"]);
        Assert.Contains(why, trial.Refusal, StringComparison.Ordinal);
        Assert.InRange(trial.Allocated, 0, 1 << 20);
    }

    [Fact]
    public void Refuses_an_ambiguous_zip()
    {
        using var folder = new TempFolder();
        byte[] whole = Crafted.OneTensor(4, 0, [4], [1], new byte[16]);
        int second = IndexOf(whole, 0x02014b50, IndexOf(whole, 0x02014b50, 0) + 4), end = whole.Length - 22;
        AssertRefused(
            "overlaps", b => BinaryPrimitives.WriteUInt32LittleEndian(b.AsSpan(second + 42), 0), or: "not where the directory says");
        AssertRefused("compressed (method 8)", b => b[second + 10] = 8);
        AssertRefused("encrypted", b => b[second + 8] |= 1);
        AssertRefused("out of", b => b[second + 20]++);
        AssertRefused("cut off", b => b[second + 28] = 200);
        AssertRefused("directory", b => BinaryPrimitives.WriteUInt32LittleEndian(b.AsSpan(end + 16), uint.MaxValue));
        AssertRefused("directory", b => BinaryPrimitives.WriteUInt16LittleEndian(b.AsSpan(end + 10), 60_000), "several parts");
        AssertRefused("end record", b => b[^1] = 1);
        AssertRefused("checksum", b => b[IndexOf(whole, 0x04034b50, 4) - 1] ^= 1);

        File.WriteAllBytes(folder["gap.pth"], [.. whole[..end], .. new byte[46], .. whole[end..]]);
        Assert.Contains("does not end where its end record begins", Trial.Run(folder["gap.pth"]).Refusal, StringComparison.Ordinal);
        byte[] none = [0x80, 2, (byte)'N', (byte)'.'];
        File.WriteAllBytes(folder["twice.pth"], Crafted.Zip(("a/data.pkl", none), ("a/data.pkl", none)));
        Assert.Contains("twice", Trial.Run(folder["twice.pth"]).Refusal, StringComparison.Ordinal);

        void AssertRefused(string why, Action<byte[]> change, string? or = null)
        {
            byte[] changed = [.. whole];
            change(changed);
            File.WriteAllBytes(folder["z.pth"], changed);
            string? refusal = Trial.Run(folder["z.pth"]).Refusal;
            Assert.True(refusal is not null
                && new[] { why, or ?? why }.Any(text => refusal.Contains(text, StringComparison.Ordinal)), refusal);
        }
    }

    [Fact]
    public void Reads_a_zip_without_checksums_and_an_uncompressed_zip_of_dotnet()
    {
        using var folder = new TempFolder();
        byte[] whole = Crafted.OneTensor(4, 0, [4], [1], Crafted.Bytes([1, 2, 3, 4]));
        byte[] unchecked32 = [.. whole];
        for (int at = IndexOf(whole, 0x02014b50, 0); at >= 0; at = IndexOf(whole, 0x02014b50, at + 4))
        {
            unchecked32.AsSpan(at + 16, 4).Clear();
        }

        File.WriteAllBytes(folder["unchecked.pth"], unchecked32);
        Assert.Equal([1, 2, 3, 4], PthFile.Read(folder["unchecked.pth"]).Tensors["w"].Values);

        foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Optimal })
        {
            File.WriteAllBytes(folder["source.pth"], whole);
            using (var packed = ZipFile.Open(folder[level + ".pth"], ZipArchiveMode.Create))
            using (var source = ZipFile.OpenRead(folder["source.pth"]))
            {
                foreach (var entry in source.Entries)
                {
                    using var to = packed.CreateEntry(entry.FullName, level).Open();
                    using var from = entry.Open();
                    from.CopyTo(to);
                }
            }
        }

        Assert.Equal([1, 2, 3, 4], PthFile.Read(folder["NoCompression.pth"]).Tensors["w"].Values);
        Assert.Contains("compressed", Trial.Run(folder["Optimal.pth"]).Refusal, StringComparison.Ordinal);
    }

    private static int IndexOf(byte[] bytes, uint signature, int from)
    {
        int at = bytes.AsSpan(from).IndexOf(BitConverter.GetBytes(signature));
        return at < 0 ? -1 : from + at;
    }
}
