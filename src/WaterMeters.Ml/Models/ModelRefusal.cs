namespace WaterMeters.Ml.Models;

/// <summary>A model file is whole, as far as it was read, and is refused for what it asks for; the message is a sentence that goes on after the file's name.</summary>
internal sealed class ModelRefusal(string message) : Exception(message)
{
    private const int MaxShown = 100;

    /// <summary>A name out of a file, short enough for a message.</summary>
    public static string Shown(string name) => name.Length <= MaxShown ? name : string.Concat(name.AsSpan(0, MaxShown), "...");
}
