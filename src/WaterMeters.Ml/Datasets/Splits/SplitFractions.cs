using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// The fractions of photos in each part. The first 64 bits of a photo's SHA-256, divided by 2^64, fall into [0, train) for training, into
/// [train, train + validation) for validation, or into the rest for the test.
/// </summary>
public sealed record SplitFractions
{
    /// <summary>Creates the fractions; the test part gets the rest.</summary>
    /// <exception cref="SettingsException">A fraction is not between 0 and 1, or their sum is more than 1.</exception>
    public SplitFractions(double train = 0.8, double validation = 0.1)
    {
        if (!(train >= 0) || !(validation >= 0) || train + validation > 1 + 1e-9)
        {
            throw new SettingsException("split", FormattableString.Invariant(
                $"Cannot split by {train} for training and {validation} for validation. Give fractions of 0 or more, together at most 1."));
        }

        (Train, Validation) = (train, validation);
    }

    /// <summary>Fraction of photos for training.</summary>
    public double Train { get; }

    /// <summary>Fraction of photos for validation, by which the best epoch is chosen.</summary>
    public double Validation { get; }

    /// <summary>Fraction of photos for the test, which measures only models that have not seen them.</summary>
    public double Test => Math.Max(0, 1 - Train - Validation);

    /// <summary>Content of the file that stores them: one line of JSON.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"{{\"train\": {Train}, \"validation\": {Validation}, \"test\": {Math.Round(Test, 9)}}}\n");

    /// <summary>Reads an object such as <c>{"train": 0.8, "validation": 0.1, "test": 0.1}</c>; test may be omitted.</summary>
    /// <exception cref="SettingsException">The fractions are invalid, or do not add up to 1.</exception>
    /// <exception cref="Exception">
    /// An <see cref="InvalidOperationException"/>, <see cref="KeyNotFoundException"/> or <see cref="FormatException"/>: the object has
    /// another form.
    /// </exception>
    public static SplitFractions Read(JsonElement json)
    {
        double train = json.GetProperty("train").GetDouble(), validation = json.GetProperty("validation").GetDouble();
        double test = json.TryGetProperty("test", out var rest) ? rest.GetDouble() : 1 - train - validation;
        if (Math.Abs(train + validation + test - 1) > 1e-6)
        {
            throw new SettingsException("split", FormattableString.Invariant(
                $"The fractions add up to {train + validation + test}. Correct them so that they add up to 1."));
        }

        return new SplitFractions(train, validation);
    }

    /// <summary>Returns the part that the SHA-256 of a photo's file alone gives.</summary>
    public DatasetSplit AssignByHash(string hash)
    {
        double position = BinaryPrimitives.ReadUInt64BigEndian(Convert.FromHexString(hash.AsSpan(0, 16))) / 18446744073709551616.0;
        return position < Train ? DatasetSplit.Train : position < Train + Validation ? DatasetSplit.Validation : DatasetSplit.Test;
    }
}
