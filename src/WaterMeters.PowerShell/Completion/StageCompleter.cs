using System.Globalization;

namespace WaterMeters.PowerShell.Completion;

/// <summary>Completes training stages: examples, or the stage typed so far with the rest filled in.</summary>
internal sealed class StageCompleter : ChoiceCompleter
{
    private static readonly TrainingStage[] Examples = [new(256, 14, 8), new(384, 5, 4), new(512, 4, 4), new(128, 10, 8)];

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Description)> Choices(string typed)
    {
        TrainingStage[] stages = [.. Examples.Where(e => e.ToString().StartsWith(typed, StringComparison.OrdinalIgnoreCase))];
        if (stages.Length == 0 && Fill(typed) is { } filled) stages = [filled];
        return stages.Select(s => (s.ToString(), string.Create(
            CultureInfo.InvariantCulture, $"{s.Epochs} epochs at {s.Size}x{s.Size} pixels, batches of {s.BatchSize} photos")));
    }

    private static TrainingStage? Fill(string typed)
    {
        string[] parts = typed.Split('x', 'X');
        if (parts.Length > 3) return null;
        string[] rest = ["10", "8"];
        if (parts.Length > 1 && parts[^1].Length == 0) parts = parts[..^1];
        try
        {
            return new TrainingStage(string.Join('x', parts.Concat(rest.Skip(parts.Length - 1))));
        }
        catch (ArgumentException)
        {
            // Not a number, or not a size of the network.
            return null;
        }
    }
}
