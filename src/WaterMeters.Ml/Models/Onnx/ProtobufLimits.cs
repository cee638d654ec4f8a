using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// Counts the fields, texts and numbers of a file that become objects. A field of two bytes can become an object of a hundred, so the
/// file's length alone does not bound the memory.
/// </summary>
internal sealed class ProtobufLimits
{
    private const int MaxFields = 300_000, MaxTextBytes = MetadataText.MaxBytes + (4 << 20), MaxNumbers = 200_000;
    private int fields, text, numbers;

    /// <summary>Counts a field.</summary>
    /// <exception cref="InvalidDataException">There are more than any network has.</exception>
    public void CountField()
    {
        if (++fields > MaxFields) throw new InvalidDataException($"it has more than {MaxFields} fields");
    }

    /// <summary>Counts the bytes of a text.</summary>
    /// <exception cref="InvalidDataException">There are more than any network has.</exception>
    public void CountText(int bytes)
    {
        if ((text += bytes) > MaxTextBytes) throw new InvalidDataException($"its texts have more than {MaxTextBytes} bytes");
    }

    /// <summary>Counts a stored number.</summary>
    /// <exception cref="InvalidDataException">There are more than any network has.</exception>
    public void CountNumber()
    {
        if (++numbers > MaxNumbers) throw new InvalidDataException($"its description has more than {MaxNumbers} numbers");
    }
}
