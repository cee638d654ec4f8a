using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>Reads views of storages as row-major float32, in the order of the file, through one small buffer.</summary>
internal sealed class StridedReader(BinaryFile file)
{
    private readonly float[] window = new float[1 << 14];

    /// <summary>Reads the values of a checked tensor whose storage has an offset.</summary>
    public float[] Read(TorchTensor tensor)
    {
        if (tensor.IsContiguous()) return file.ReadFloats(tensor.FileOffset, tensor.Type, tensor.Count);
        var values = new float[tensor.Count];
        if (values.Length == 0) return values;

        int[] order = tensor.StridedDimensions();
        long[] steps = [.. order.Select(i => tensor.Strides[i])], counts = [.. order.Select(i => tensor.Shape[i])];
        long[] into = [.. order.Select(i => tensor.Shape.Skip(i + 1).Aggregate(1L, (a, b) => a * b))];
        long[] index = new long[order.Length];
        long from = 0, to = 0, begin = 0, end = 0;
        while (true)
        {
            if (from >= end)
            {
                (begin, end) = (from, Math.Min(from + window.Length, tensor.Span));
                file.ReadFloats(tensor.FileOffset + (from * tensor.Type.Size()), tensor.Type, window.AsSpan(0, (int)(end - begin)));
            }

            values[to] = window[from - begin];
            int d = order.Length - 1;
            while (d >= 0 && ++index[d] == counts[d])
            {
                from -= (counts[d] - 1) * steps[d];
                to -= (counts[d] - 1) * into[d];
                index[d--] = 0;
            }

            if (d < 0) return values;
            from += steps[d];
            to += into[d];
        }
    }
}
