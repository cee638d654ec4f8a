using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>A tensor as PyTorch keeps it: a view of a storage. Nothing is read before it is asked for.</summary>
/// <param name="Slice">The storage, or the part of it.</param>
/// <param name="Offset">Its first element, counted from the beginning of the slice.</param>
/// <param name="Shape">Sizes of its dimensions, outermost first.</param>
/// <param name="Strides">Elements from one to the next along each dimension.</param>
internal sealed record TorchTensor(TorchSlice Slice, long Offset, long[] Shape, long[] Strides)
{
    private const int MaxDimensions = SafeTensorEntry.MaxDimensions;

    /// <summary>The type of its elements.</summary>
    public ElementType Type => Slice.Storage.Type;

    /// <summary>How many elements it has; after <see cref="Check"/>.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>How many elements of the storage it reaches over; after <see cref="Check"/>.</summary>
    public long Span => Count == 0 ? 0 : 1 + Shape.Zip(Strides, (n, stride) => (n - 1) * stride).Sum();

    /// <summary>Where it begins in the file, bytes.</summary>
    public long Place => Slice.Storage.Offset + ((Slice.Begin + Offset) * Type.Size());

    /// <summary>What torch._utils._rebuild_tensor_v2 makes: (storage, offset, size, stride, requires_grad, hooks[, metadata]).</summary>
    public static TorchTensor Rebuild(object?[] arguments) =>
        arguments is [TorchSlice slice, long offset, object?[] shape, object?[] strides, _, _, ..] && arguments.Length <= 7
            ? new TorchTensor(slice, offset, Numbers(shape), Numbers(strides))
            : throw new InvalidDataException("its pickle gives 'torch._utils._rebuild_tensor_v2' arguments that do not fit");

    /// <summary>Holds its numbers against each other and against its storage.</summary>
    /// <exception cref="InvalidDataException">It reaches outside, or overlaps itself.</exception>
    public void Check(string name)
    {
        if (Shape.Length != Strides.Length || Shape.Length > MaxDimensions || Offset < 0 || Shape.Any(n => n < 0) || Strides.Any(n => n < 0)) throw Unfit("has a size and a stride that do not fit each other");
        try
        {
            long count = 1, last = Offset;
            for (int i = 0; i < Shape.Length; i++)
            {
                count = checked(count * Shape[i]);
                if (Shape[i] > 1) last = checked(last + ((Shape[i] - 1) * Strides[i]));
            }

            if (count > Array.MaxLength || (count > 0 && last >= Slice.Count)) throw Unfit($"reaches to element {last}, outside of its storage of {Slice.Count}");
        }
        catch (OverflowException)
        {
            throw Unfit("is larger than any file");
        }

        // Sorted by stride each step leads past all that the smaller ones reach, or two places would be one element.
        long reach = 0;
        int[] order = StridedDimensions();
        for (int at = order.Length - 1; at >= 0; at--)
        {
            int i = order[at];
            if (Strides[i] == 0) continue; // one element for a whole dimension, as expand() makes it
            if (Strides[i] <= reach) throw Unfit("overlaps itself");
            reach += (Shape[i] - 1) * Strides[i];
        }

        InvalidDataException Unfit(string why) => new($"its tensor '{ModelRefusedException.Shown(name)}', {WeightTensor.Describe(Shape)} with strides {WeightTensor.Describe(Strides)} from {Offset}, {why}");
    }

    /// <summary>The dimensions of more than one element, largest stride first: in this order the elements lie in the storage.</summary>
    public int[] StridedDimensions() => [.. Enumerable.Range(0, Shape.Length).Where(i => Shape[i] > 1).OrderByDescending(i => Strides[i])];

    /// <summary>Whether its elements lie row by row without gaps.</summary>
    public bool IsContiguous()
    {
        long expected = 1;
        for (int i = Shape.Length - 1; i >= 0; i--)
        {
            if (Shape[i] > 1 && Strides[i] != expected) return false;
            expected *= Shape[i];
        }

        return true;
    }

    private static long[] Numbers(object?[] values) => values.Length > MaxDimensions
        ? throw new InvalidDataException($"it holds a tensor of {values.Length} dimensions; this reader takes {MaxDimensions}")
        : [.. values.Select(v => v is long n ? n : throw new InvalidDataException("its pickle gives a tensor a size that is no number"))];
}
