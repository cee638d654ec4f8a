using System.Buffers.Binary;
using System.Text.Json;

namespace WaterMeters.Ml.Datasets;

/// <summary>
/// Which part of a data set a photo belongs to: a pure function of the SHA-256 of its file, so adding photos moves nobody.
/// The first 64 bits of the hash, as a fraction of 2^64, fall into [0, train), [train, train + validation) or the rest.
/// A split file can give other fractions and name single photos:
/// <c>{"fractions": {"train": 0.8, "validation": 0.1, "test": 0.1}, "photos": {"HASH OR NAME": "test"}}</c>.
/// </summary>
public sealed class SplitRule
{
    private readonly Dictionary<string, DatasetSplit> photos = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The rule with these fractions; the test part gets the rest.</summary>
    /// <exception cref="SettingsException">A fraction is outside of 0..1, or together they are more than 1.</exception>
    public SplitRule(double train = 0.8, double validation = 0.1)
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

    /// <summary>Reads a split file.</summary>
    /// <exception cref="DatasetException">It is not there, no JSON, or holds something else than the form above.</exception>
    public static SplitRule Read(string path)
    {
        try
        {
            // As text: editors and shells of Windows put a byte order mark first, or write UTF-16.
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            double train = 0.8, validation = 0.1;
            if (json.RootElement.TryGetProperty("fractions", out var fractions))
            {
                train = fractions.GetProperty("train").GetDouble();
                validation = fractions.GetProperty("validation").GetDouble();
                double test = fractions.TryGetProperty("test", out var rest) ? rest.GetDouble() : 1 - train - validation;
                if (Math.Abs(train + validation + test - 1) > 1e-6) throw new DatasetException(path, FormattableString.Invariant($"The fractions in '{path}' add up to {train + validation + test}. Correct them so that they add up to 1."));
            }

            var rule = new SplitRule(train, validation);
            if (json.RootElement.TryGetProperty("photos", out var photos))
            {
                foreach (var photo in photos.EnumerateObject())
                {
                    rule.photos[DatasetListing.IsPhotoName(photo.Name) ? Path.GetFileNameWithoutExtension(photo.Name) : photo.Name] = Enum.TryParse(photo.Value.GetString(), ignoreCase: true, out DatasetSplit split) && Enum.IsDefined(split)
                        ? split
                        : throw new DatasetException(path, $"'{path}' puts '{photo.Name}' into '{photo.Value}'. Name train, validation or test there.");
                }
            }

            return rule;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"The split file '{path}' cannot be read: {e.Sentence()} Check -SplitPath.", e);
        }
        catch (SettingsException e)
        {
            throw new DatasetException(path, $"'{path}' cannot be used: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DatasetException(path, $"'{path}' is no split file: {e.Sentence()} Write it like {{\"fractions\": {{\"train\": 0.8, \"validation\": 0.1, \"test\": 0.1}}, \"photos\": {{\"NAME\": \"test\"}}}}.", e);
        }
    }

    /// <summary>The photos it names, by hash or name, that are not among these.</summary>
    internal string[] Unmatched(IEnumerable<HashedPair> pairs)
    {
        var known = pairs.SelectMany(p => new[] { p.Hash, p.Pair.Name }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. photos.Keys.Where(key => !known.Contains(key))];
    }

    /// <summary>The part of a photo, by the SHA-256 of its file and its name.</summary>
    public DatasetSplit Assign(string hash, string name)
    {
        if (photos.TryGetValue(hash, out var named) || photos.TryGetValue(name, out named)) return named;
        double place = BinaryPrimitives.ReadUInt64BigEndian(Convert.FromHexString(hash.AsSpan(0, 16))) / 18446744073709551616.0;
        return place < Train ? DatasetSplit.Train : place < Train + Validation ? DatasetSplit.Validation : DatasetSplit.Test;
    }
}
