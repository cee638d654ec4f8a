using System.Globalization;

namespace WaterMeters;

/// <summary>One stage of a training: <c>256x14x8</c> is 14 epochs at 256x256 pixels with 8 photos in a step.</summary>
public sealed record TrainingStage
{
    /// <summary>Parses <c>SIZExEPOCHSxBATCH</c>; PowerShell uses this to convert a string to this type.</summary>
    /// <exception cref="ArgumentException">The text has another format, or a number is out of range.</exception>
    public TrainingStage(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('x', 'X');
        if (parts.Length != 3
            || !TryParse(parts[0], out int size) || !TryParse(parts[1], out int epochs) || !TryParse(parts[2], out int batch))
        {
            throw new ArgumentException($"'{text}' is not a training stage. Use SIZExEPOCHSxBATCH, such as 256x14x8.", nameof(text));
        }

        (Size, Epochs, BatchSize) = (CheckedSize(size), AtLeastOne(epochs, "number of epochs"), AtLeastOne(batch, "batch size"));
    }

    /// <summary>Creates a stage from its numbers.</summary>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public TrainingStage(int size, int epochs, int batchSize) =>
        (Size, Epochs, BatchSize) = (CheckedSize(size), AtLeastOne(epochs, "number of epochs"), AtLeastOne(batchSize, "batch size"));

    /// <summary>Image size: edge of the square the photos are resized to, in pixels; 16 to 4096 and divisible by 16.</summary>
    public int Size { get; }

    /// <summary>Number of passes over the training photos, at least 1.</summary>
    public int Epochs { get; }

    /// <summary>Number of photos in one optimizer step, at least 1.</summary>
    public int BatchSize { get; }

    /// <summary>Returns the stage as <c>SIZExEPOCHSxBATCH</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Size}x{Epochs}x{BatchSize}");

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static int CheckedSize(int size) => size is >= 16 and <= 4096 && size % 16 == 0
        ? size
        : throw new ArgumentException(
            $"Invalid image size {size}: the network halves it four times. Use a multiple of 16 from 16 to 4096.", nameof(size));

    private static int AtLeastOne(int number, string what) => number > 0
        ? number
        : throw new ArgumentException($"Invalid {what} {number} in a training stage. Use at least 1.", nameof(number));
}
