using System.Globalization;

namespace WaterMeters.Ops.Registry;

/// <summary>A change of stage that is to be made, for -WhatIf and for the question of -Confirm.</summary>
/// <param name="Version">The version that changes its stage.</param>
/// <param name="Stage">The new stage.</param>
/// <param name="Replaced">The versions that it replaces there, which are archived.</param>
public sealed record StagePlan(RegisteredModelVersion Version, ModelStage Stage, IReadOnlyList<RegisteredModelVersion> Replaced)
{
    /// <summary>Whether nothing would change.</summary>
    public bool IsDone => Version.Stage == Stage && Replaced.Count == 0;

    /// <summary>What changes, in words: from which version to which.</summary>
    public string Description => (Stage, Replaced.Count) switch
    {
        (ModelStage.Staging or ModelStage.Production, > 0) =>
            $"Change {Stage} from {string.Join(" and ", Replaced.Select(version => Describe(version, withSince: true)))} to {To}",
        (ModelStage.Staging or ModelStage.Production, _) => $"Change {Stage} from no version to {To}",
        _ => $"Change {Describe(Version, withSince: true)} from {Version.Stage} to {Stage}",
    };

    private string To => Describe(Version, withSince: false);

    /// <summary>Returns a version in words: <c>version 3 (since 2026-11-29 10:00, Dice 0.871)</c>.</summary>
    internal static string Describe(RegisteredModelVersion version, bool withSince)
    {
        ArgumentNullException.ThrowIfNull(version);
        var culture = CultureInfo.InvariantCulture;
        List<string> facts = [];
        if (withSince) facts.Add(string.Create(culture, $"since {version.Since:yyyy-MM-dd HH:mm}"));
        if (version.Dice is { } dice) facts.Add(string.Create(culture, $"Dice {dice:0.000}"));
        string text = string.Create(culture, $"version {version.Version}");
        return facts.Count == 0 ? text : $"{text} ({string.Join(", ", facts)})";
    }
}
