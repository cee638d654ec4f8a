using System.Text;
using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>One statement about a photo's place. It is never changed and never taken back by another: it is there or it is not.</summary>
/// <param name="Photo">SHA-256 of the photo's file, 64 lower-case hexadecimal digits.</param>
/// <param name="Reason">Why it is not where its hash puts it.</param>
/// <param name="Other">SHA-256 of the photo that it resembles, or of the file that it was before its repair.</param>
public sealed record SplitOverride(string Photo, SplitReason Reason, string Other)
{
    private const string PhotoKey = "photo", ReasonKey = "because", OtherKey = "of";

    /// <summary>
    /// The name of its file below a split's folder: two digits of the photo's hash as a folder, sixteen as a name, and eight of the digest
    /// of what it says. What two branches say of one photo lies in one file when it is the same, and in two when it is not.
    /// </summary>
    public string FileName => Path.Combine(Photo[..2], $"{Photo[..16]}-{FileHash.ComputeBytes(Encoding.UTF8.GetBytes(Text))[..8]}.json");

    /// <summary>What its file holds: one line of JSON.</summary>
    public string Text => $"{{\"{PhotoKey}\": \"{Photo}\", \"{ReasonKey}\": \"{Word(Reason)}\", \"{OtherKey}\": \"{Other}\"}}\n";

    /// <summary>Reads what <see cref="Text"/> writes.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static SplitOverride Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            string word = json.RootElement.GetProperty(ReasonKey).GetString() ?? "";
            var reasons = Enum.GetValues<SplitReason>().Where(reason => Word(reason) == word).ToArray();
            if (reasons.Length != 1) throw new FormatException($"'{word}' is no reason; it is one of {string.Join(", ", Enum.GetValues<SplitReason>().Select(Word))}.");
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
        if (!FileHash.IsHash(hash)) throw new FormatException($"'{key}' is no SHA-256 hash of 64 hexadecimal digits.");
        return hash.ToLowerInvariant();
    }

    private static string Word(SplitReason reason) => reason switch
    {
        SplitReason.Resembles => "resembles",
        SplitReason.SetAside => "set-aside",
        _ => "repaired",
    };
}
