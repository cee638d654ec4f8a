using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// Counts what a reader of a whole file makes objects of. A field of two bytes may become an object of a hundred, so it is not the
/// file's length that bounds the memory.
/// </summary>
internal sealed class ProtobufLimits
{
    private const int MostFields = 300_000, MostText = MetadataText.MaxBytes + (4 << 20), MostNumbers = 200_000;
    private int fields, text, numbers;

    /// <summary>Counts a field.</summary>
    /// <exception cref="InvalidDataException">There are more than any network has.</exception>
    public void CountField()
    {
        if (++fields > MostFields) throw new InvalidDataException($"it has more than {MostFields} fields");
    }

    /// <summary>Counts the bytes of a text.</summary>
    /// <exception cref="InvalidDataException">There are more than any network has.</exception>
    public void CountText(int bytes)
    {
        if ((text += bytes) > MostText) throw new InvalidDataException($"its texts have more than {MostText} bytes");
    }

    /// <summary>Counts a number that is kept.</summary>
    /// <exception cref="InvalidDataException">There are more than any network has.</exception>
    public void CountNumber()
    {
        if (++numbers > MostNumbers) throw new InvalidDataException($"it describes itself with more than {MostNumbers} numbers");
    }
}
