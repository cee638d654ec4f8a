using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>How large the parts of a data set are. The first 64 bits of a photo's SHA-256, as a fraction of 2^64, fall into [0, train), [train, train + validation) or the rest.</summary>
public sealed record SplitFractions
{
    /// <summary>The fractions; the test part gets the rest.</summary>
    /// <exception cref="SettingsException">A fraction is outside of 0..1, or together they are more than 1.</exception>
    public SplitFractions(double train = 0.8, double validation = 0.1)
    {
        if (!(train >= 0) || !(validation >= 0) || train + validation > 1 + 1e-9)
        {
            throw new SettingsException("split", FormattableString.Invariant($"Fractions of {train} to train and {validation} to validate are no split. Give each 0 or more, and together at most 1."));
        }

        (Train, Validation) = (train, validation);
    }

    /// <summary>Fraction of photos to train on.</summary>
    public double Train { get; }

    /// <summary>Fraction of photos to choose the best epoch by.</summary>
    public double Validation { get; }

    /// <summary>Fraction of photos that only models that never saw them are measured on.</summary>
    public double Test => Math.Max(0, 1 - Train - Validation);

    /// <summary>What a file of them holds: one line of JSON.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{{\"train\": {Train}, \"validation\": {Validation}, \"test\": {Math.Round(Test, 9)}}}\n");

    /// <summary>Reads an object such as <c>{"train": 0.8, "validation": 0.1, "test": 0.1}</c>; test may be left out.</summary>
    /// <exception cref="SettingsException">They are no fractions, or do not add up to 1.</exception>
    /// <exception cref="Exception">An <see cref="InvalidOperationException"/>, <see cref="KeyNotFoundException"/> or <see cref="FormatException"/>: it is something else.</exception>
    public static SplitFractions Read(JsonElement json)
    {
        double train = json.GetProperty("train").GetDouble(), validation = json.GetProperty("validation").GetDouble();
        double test = json.TryGetProperty("test", out var rest) ? rest.GetDouble() : 1 - train - validation;
        if (Math.Abs(train + validation + test - 1) > 1e-6) throw new SettingsException("split", FormattableString.Invariant($"The fractions add up to {train + validation + test}. Correct them so that they add up to 1."));
        return new SplitFractions(train, validation);
    }

    /// <summary>The part of a photo by the SHA-256 of its file alone.</summary>
    public DatasetSplit AssignByHash(string hash)
    {
        double place = BinaryPrimitives.ReadUInt64BigEndian(Convert.FromHexString(hash.AsSpan(0, 16))) / 18446744073709551616.0;
        return place < Train ? DatasetSplit.Train : place < Train + Validation ? DatasetSplit.Validation : DatasetSplit.Test;
    }
}
