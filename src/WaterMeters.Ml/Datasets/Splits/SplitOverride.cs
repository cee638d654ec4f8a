using System.Text;
using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// A stored statement that moves one photo away from the part its hash gives. It is never changed and never revoked by another one; it
/// exists or it does not.
/// </summary>
/// <param name="Photo">SHA-256 of the photo's file, 64 lower-case hexadecimal digits.</param>
/// <param name="Reason">The reason for the override.</param>
/// <param name="Other">SHA-256 of the photo that it resembles, or of the file before its repair.</param>
public sealed record SplitOverride(string Photo, SplitReason Reason, string Other)
{
    private const string PhotoKey = "photo", ReasonKey = "because", OtherKey = "of";

    /// <summary>
    /// Path of its file below the folder of overrides: two digits of the photo's hash as a folder, then sixteen digits of it and eight of
    /// the digest of the content as the name. Two branches that state the same about a photo write one file, otherwise two.
    /// </summary>
    public string FileName =>
        Path.Combine(Photo[..2], $"{Photo[..16]}-{FileHash.ComputeBytes(Encoding.UTF8.GetBytes(Text))[..8]}.json");

    /// <summary>Content of its file: one line of JSON.</summary>
    public string Text => $"{{\"{PhotoKey}\": \"{Photo}\", \"{ReasonKey}\": \"{Word(Reason)}\", \"{OtherKey}\": \"{Other}\"}}\n";

    /// <summary>Reads what <see cref="Text"/> returns.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static SplitOverride Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            string word = json.RootElement.GetProperty(ReasonKey).GetString() ?? "";
            var reasons = Enum.GetValues<SplitReason>().Where(reason => Word(reason) == word).ToArray();
            if (reasons.Length != 1)
            {
                string known = string.Join(", ", Enum.GetValues<SplitReason>().Select(Word));
                throw new FormatException($"The reason '{word}' is unknown; it must be one of {known}.");
            }

            return new SplitOverride(Hash(json.RootElement, PhotoKey), reasons[0], Hash(json.RootElement, OtherKey));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static string Hash(JsonElement json, string key)
    {
        string hash = json.GetProperty(key).GetString() ?? "";
        if (!FileHash.IsHash(hash)) throw new FormatException($"'{key}' must be a SHA-256 hash of 64 hexadecimal digits.");
        return hash.ToLowerInvariant();
    }

    private static string Word(SplitReason reason) => reason switch
    {
        SplitReason.Resembles => "resembles",
        SplitReason.SetAside => "set-aside",
        _ => "repaired",
    };
}
