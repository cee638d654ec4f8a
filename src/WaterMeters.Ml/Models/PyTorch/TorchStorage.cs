using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>A block of elements in a file; tensors can share it.</summary>
internal sealed class TorchStorage(string key, ElementType type, long count)
{
    /// <summary>Its name in the file.</summary>
    public string Key => key;

    /// <summary>The type of its elements.</summary>
    public ElementType Type => type;

    /// <summary>The number of elements.</summary>
    public long Count => count;

    /// <summary>Its length, bytes.</summary>
    public long Bytes => checked(count * type.Size());

    /// <summary>Its offset in the file; -1 until known.</summary>
    public long Offset { get; set; } = -1;

    /// <summary>Its zip entry; null in the format before PyTorch 1.6.</summary>
    public StoredZipEntry? Entry { get; set; }
}

/// <summary>A storage or, in the format before PyTorch 1.6, a part of one.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Begin">The first element of the part.</param>
/// <param name="Count">The number of its elements.</param>
internal sealed record TorchSlice(TorchStorage Storage, long Begin, long Count);
