using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Tests.Models.Tensors;

public class SafeTensorsFileTests
{
    private static readonly byte[] Whole = WholeFile();

    [Fact]
    public void Loads_or_refuses_a_damaged_file()
    {
        using var folder = new TempFolder();
        string path = folder["damaged.safetensors"];
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(Whole) + 8;
        var offsets = Gen.OneOf(Gen.Choose(0, header - 1), Gen.Choose(0, header - 1), Gen.Choose(0, Whole.Length - 1));
        var change = from kind in Gen.Choose(0, 5)
                     from at in offsets
                     from value in Gen.Choose(0, 255)
                     from length in Gen.Choose(1, 40)
                     select (kind, at, value, length);

        Prop.ForAll(change.ToArbitrary(), c =>
        {
            File.WriteAllBytes(path, Damage(c.kind, c.at, (byte)c.value, c.length));
            try
            {
                return ModelFile.Load(path).Weights.Count > 0;
            }
            catch (ModelException e)
            {
                return e.Message.Contains(path, StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20_251_124, 1));
    }

    [Fact]
    public void Refuses_a_truncated_file()
    {
        using var folder = new TempFolder();
        string path = folder["cut.safetensors"];
        foreach (int length in new[] { 0, 1, 7, 8, 9, 10, 200, Whole.Length / 2, Whole.Length - 1 })
        {
            File.WriteAllBytes(path, Whole[..length]);
            Assert.Throws<ModelException>(() => ModelFile.Load(path));
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5)]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}""", 6)]
    [InlineData("""{"a":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"X9","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"1","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":null,"shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":7}""", 0)]
    [InlineData("""{"__metadata__":[]}""", 0)]
    [InlineData("""{"__metadata__":{"a":1}}""", 0)]
    [InlineData("""[1,2,3]""", 0)]
    [InlineData("""{"a":"\ud800"}""", 0)]
    [InlineData("""{"__metadata__":{"\ud800":"\ud800"}}""", 0)]
    [InlineData("no json at all", 0)]
    public void Refuses_an_invalid_header(string header, int dataBytes)
    {
        using var folder = new TempFolder();
        string path = folder["lies.safetensors"];
        File.WriteAllBytes(path, WithHeader(header, new byte[dataBytes]));
        var error = Assert.Throws<ModelException>(() => SafeTensorsFile.Read(path));
        Assert.Contains("not a valid .safetensors file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_size_is_too_large()
    {
        using var folder = new TempFolder();
        const string Header = """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""";
        File.WriteAllBytes(folder["huge.safetensors"], WithHeader(Header, []));
        var error = Assert.Throws<ModelException>(() => SafeTensorsFile.Read(folder["huge.safetensors"]));
        Assert.Contains("larger than any file", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("JSON", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_files_of_other_formats()
    {
        using var folder = new TempFolder();
        string path = folder["foreign.safetensors"];
        byte[][] files =
        [
            [.. "PK\u0003\u0004"u8, .. new byte[500]],
            [0x89, .. "PNG\r\n\u001a\n"u8, .. new byte[500]],
            Encoding.UTF8.GetBytes(new string('x', 500)),
            [.. Enumerable.Repeat((byte)0xff, 500)],
        ];
        foreach (byte[] content in files)
        {
            File.WriteAllBytes(path, content);
            Assert.Throws<ModelException>(() => ModelFile.Load(path));
        }
    }

    [Fact]
    public void Reads_every_floating_point_type_and_names_the_others()
    {
        using var folder = new TempFolder();
        byte[] data =
        [
            .. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.5f), .. BitConverter.GetBytes((Half)0.25),
            .. BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(-3f) >> 16)), .. BitConverter.GetBytes(7L), 1,
        ];
        const string Header = """
            {"d":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"f":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},
            "h":{"dtype":"F16","shape":[1,1],"data_offsets":[12,14]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[14,16]},
            "n":{"dtype":"I64","shape":[],"data_offsets":[16,24]},"u":{"dtype":"U8","shape":[1],"data_offsets":[24,25]},
            "__metadata__":{"k":"v"}}
            """;
        File.WriteAllBytes(folder["t.safetensors"], WithHeader(Header, data));

        var file = SafeTensorsFile.Read(folder["t.safetensors"]);

        Assert.Equal([1.5f, -2.5f, 0.25f, -3f], new[] { "d", "f", "h", "b" }.Select(n => file.Tensors[n].Values.Single()));
        Assert.Equal([1L, 1L], file.Tensors["h"].Shape);
        Assert.Equal(7, file.Counters["n"]);
        Assert.Equal(["u"], file.Others);
        Assert.Equal("v", file.Metadata["k"]);
    }

    private static byte[] Damage(int kind, int at, byte value, int length)
    {
        byte[] file = [.. Whole];
        switch (kind)
        {
            case 0: return file[..at];
            case 1: return [.. file[..at], .. Enumerable.Repeat(value, length), .. file[at..]];
            case 2: return [.. file[..at], .. file[Math.Min(file.Length, at + length)..]];
            case 3: file[at] ^= (byte)(1 << (value % 8)); return file;
            case 4: file[at] = "0123456789-+eE\"[]{},:"u8.ToArray()[value % 21]; return file;
            default: file[at] = value; return file;
        }
    }

    private static byte[] WithHeader(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }

    private static byte[] WholeFile()
    {
        using var folder = new TempFolder();
        var model = new SegmentationModel
        {
            Path = "m",
            Shape = new UNetShape(1, 32),
            Weights = TestModels.Weights(2, baseChannels: 1),
            Seed = 3,
            Provenance = new ModelProvenance([new string('a', 64)], [new string('b', 64)], "c", "d"),
            Metrics = new Dictionary<string, double> { ["val_dice"] = 0.5 },
        };
        ModelFile.Save(model, folder["m.safetensors"]);
        return File.ReadAllBytes(folder["m.safetensors"]);
    }
}
