using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>Reads NumPy's .npy files of little-endian float32, version 1 (numpy.lib.format).</summary>
internal static class NpyFile
{
    public static float[] Floats(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        Assert.True(file[0] == 0x93 && file.AsSpan(1).StartsWith("NUMPY"u8), path);
        int header = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        string text = Encoding.ASCII.GetString(file, 10, header);
        Assert.Contains("'<f4'", text, StringComparison.Ordinal);
        Assert.Contains("'fortran_order': False", text, StringComparison.Ordinal);
        return MemoryMarshal.Cast<byte, float>(file.AsSpan(10 + header)).ToArray();
    }
}
