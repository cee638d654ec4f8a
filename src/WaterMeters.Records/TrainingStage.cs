using System.Globalization;

namespace WaterMeters;

/// <summary>A part of a training at one image size: <c>256x14x8</c> is 14 epochs at 256x256 pixels, 8 photos in a step.</summary>
public sealed record TrainingStage
{
    /// <summary>Reads <c>SIZExEPOCHSxBATCH</c>, as PowerShell does with a string given to a parameter of this type.</summary>
    /// <exception cref="ArgumentException">The text has another form, or a number is out of range.</exception>
    public TrainingStage(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('x', 'X');
        if (parts.Length != 3 || !Number(parts[0], out int size) || !Number(parts[1], out int epochs) || !Number(parts[2], out int batch))
        {
            throw new ArgumentException($"'{text}' is no stage. Write SIZExEPOCHSxBATCH, such as 256x14x8.", nameof(text));
        }

        (Size, Epochs, BatchSize) = (Checked(size), Positive(epochs, "epochs"), Positive(batch, "photos in a step"));
    }

    /// <summary>Makes a stage out of its numbers.</summary>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public TrainingStage(int size, int epochs, int batchSize) =>
        (Size, Epochs, BatchSize) = (Checked(size), Positive(epochs, "epochs"), Positive(batchSize, "photos in a step"));

    /// <summary>Edge of the square the photos are resized to, pixels; divisible by 16.</summary>
    public int Size { get; }

    /// <summary>Passes over the training photos.</summary>
    public int Epochs { get; }

    /// <summary>Photos in a step.</summary>
    public int BatchSize { get; }

    /// <summary>The form it is read from.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Size}x{Epochs}x{BatchSize}");

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static int Checked(int size) => size is >= 16 and <= 4096 && size % 16 == 0
        ? size
        : throw new ArgumentException($"An image size of {size} cannot be used, for the network halves it four times. Give one from 16 to 4096 that is divisible by 16.", nameof(size));

    private static int Positive(int number, string what) => number > 0
        ? number
        : throw new ArgumentException($"A stage of {number} {what} does nothing. Use at least 1.", nameof(number));
}
