using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>One block of elements in a file, which tensors may share.</summary>
internal sealed class TorchStorage(string key, ElementType type, long count)
{
    /// <summary>Its name in the file.</summary>
    public string Key => key;

    /// <summary>The type of its elements.</summary>
    public ElementType Type => type;

    /// <summary>How many there are.</summary>
    public long Count => count;

    /// <summary>Its length, bytes.</summary>
    public long Bytes => checked(count * type.Size());

    /// <summary>Where it begins in the file; -1 while that is not known.</summary>
    public long Offset { get; set; } = -1;

    /// <summary>The zip entry it is; null in the old format.</summary>
    public StoredZipEntry? Entry { get; set; }
}

/// <summary>A storage, or in the old format a part of one.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Begin">The first element of the part.</param>
/// <param name="Count">How many elements it has.</param>
internal sealed record TorchSlice(TorchStorage Storage, long Begin, long Count);
