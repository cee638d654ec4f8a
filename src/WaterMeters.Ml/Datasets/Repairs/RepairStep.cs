using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>A file that can be repaired, and how.</summary>
public sealed class RepairStep
{
    internal RepairStep(PairFacts facts) => Facts = facts;

    /// <summary>The folder of its data set.</summary>
    public required string DataPath { get; init; }

    /// <summary>The file before the repair.</summary>
    public required string OldPath { get; init; }

    /// <summary>The file after the repair.</summary>
    public required string Path { get; init; }

    /// <summary>The checks whose findings are repaired.</summary>
    public required IReadOnlyList<DatasetCheck> Repairs { get; init; }

    /// <summary>Whether the file is a photo, whose part must be kept.</summary>
    public required bool IsPhoto { get; init; }

    /// <summary>The reason not to repair the file now, and what to do; null to repair it.</summary>
    public string? Refusal { get; init; }

    /// <summary>Returns the step with a reason not to take it now.</summary>
    internal RepairStep Refused(string reason) => new(Facts)
    {
        DataPath = DataPath,
        OldPath = OldPath,
        Path = Path,
        Repairs = Repairs,
        IsPhoto = IsPhoto,
        Refusal = reason,
    };

    /// <summary>The facts of its pair.</summary>
    internal PairFacts Facts { get; }

    /// <summary>A description of the action, as -WhatIf shows it.</summary>
    public string Description =>
        $"Repair {string.Join(", ", Repairs)}{(OldPath == Path ? "" : $" and save as '{System.IO.Path.GetFileName(Path)}'")}";
}
