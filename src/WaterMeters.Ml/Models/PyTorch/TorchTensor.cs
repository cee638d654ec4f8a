using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>A tensor as PyTorch stores it: a view of a storage. Its values are not read yet.</summary>
/// <param name="Slice">The storage or a part of it.</param>
/// <param name="Offset">Its first element, counted from the start of the slice.</param>
/// <param name="Shape">The sizes of its dimensions, outermost first.</param>
/// <param name="Strides">The distance between neighbors along each dimension, in elements.</param>
internal sealed record TorchTensor(TorchSlice Slice, long Offset, long[] Shape, long[] Strides)
{
    private const int MaxDimensions = SafeTensorEntry.MaxDimensions;

    /// <summary>The type of its elements.</summary>
    public ElementType Type => Slice.Storage.Type;

    /// <summary>The number of its elements; valid after <see cref="Check"/>.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>The number of storage elements from its first to its last; valid after <see cref="Check"/>.</summary>
    public long Span => Count == 0 ? 0 : 1 + Shape.Zip(Strides, (n, stride) => (n - 1) * stride).Sum();

    /// <summary>The offset of its first element in the file, bytes.</summary>
    public long FileOffset => Slice.Storage.Offset + ((Slice.Begin + Offset) * Type.Size());

    /// <summary>
    /// Does what torch._utils._rebuild_tensor_v2 does: (storage, offset, size, stride, requires_grad, hooks[, metadata]).
    /// </summary>
    public static TorchTensor Rebuild(object?[] arguments) =>
        arguments is [TorchSlice slice, long offset, object?[] shape, object?[] strides, _, _, ..] && arguments.Length <= 7
            ? new TorchTensor(slice, offset, Numbers(shape), Numbers(strides))
            : throw new InvalidDataException("its pickle gives 'torch._utils._rebuild_tensor_v2' unexpected arguments");

    /// <summary>Checks its shape, strides and offset against each other and against its storage.</summary>
    /// <exception cref="InvalidDataException">It reaches outside of its storage, or overlaps itself.</exception>
    public void Check(string name)
    {
        if (Shape.Length != Strides.Length || Shape.Length > MaxDimensions || Offset < 0
            || Shape.Any(n => n < 0) || Strides.Any(n => n < 0))
        {
            throw Invalid("has a shape, strides and offset that do not fit each other");
        }

        try
        {
            long count = 1, last = Offset;
            for (int i = 0; i < Shape.Length; i++)
            {
                count = checked(count * Shape[i]);
                if (Shape[i] > 1) last = checked(last + ((Shape[i] - 1) * Strides[i]));
            }

            if (count > Array.MaxLength || (count > 0 && last >= Slice.Count))
            {
                throw Invalid($"reaches to element {last}, outside of its storage of {Slice.Count}");
            }
        }
        catch (OverflowException)
        {
            throw Invalid("is larger than any file");
        }

        // Sorted by stride, each step must pass all elements that smaller strides reach; otherwise two indices share an element.
        long reach = 0;
        int[] order = StridedDimensions();
        for (int at = order.Length - 1; at >= 0; at--)
        {
            int i = order[at];
            if (Strides[i] == 0) continue; // one element for a whole dimension, as from expand()
            if (Strides[i] <= reach) throw Invalid("overlaps itself");
            reach += (Shape[i] - 1) * Strides[i];
        }

        InvalidDataException Invalid(string why) => new(
            $"its tensor '{ModelRefusedException.ForMessage(name)}', {WeightTensor.Describe(Shape)} with strides " +
            $"{WeightTensor.Describe(Strides)} from {Offset}, {why}");
    }

    /// <summary>Returns the dimensions with more than one element, largest stride first, which is the order in the storage.</summary>
    public int[] StridedDimensions() => [.. Enumerable.Range(0, Shape.Length).Where(i => Shape[i] > 1).OrderByDescending(i => Strides[i])];

    /// <summary>Returns whether its elements are stored row by row without gaps.</summary>
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
        ? throw new InvalidDataException($"it has a tensor with {values.Length} dimensions; at most {MaxDimensions} are supported")
        : [.. values.Select(v => v is long n
            ? n
            : throw new InvalidDataException("its pickle gives a tensor a size or stride that is not a number"))];
}
