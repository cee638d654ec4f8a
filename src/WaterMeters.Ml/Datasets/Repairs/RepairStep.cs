using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>A file that can be mended, and how.</summary>
public sealed class RepairStep
{
    internal RepairStep(PairFacts facts) => Facts = facts;

    /// <summary>The folder of its data set.</summary>
    public required string DataPath { get; init; }

    /// <summary>The file as it is.</summary>
    public required string OldPath { get; init; }

    /// <summary>The file as it will be.</summary>
    public required string Path { get; init; }

    /// <summary>The checks that find something of it.</summary>
    public required IReadOnlyList<DatasetCheck> Repairs { get; init; }

    /// <summary>Whether it is a photo, whose place in the split has to be kept.</summary>
    public required bool IsPhoto { get; init; }

    /// <summary>Why it is left for now, and what to do; null when it is to be mended.</summary>
    public string? Refusal { get; init; }

    /// <summary>What was measured of its pair.</summary>
    internal PairFacts Facts { get; }

    /// <summary>What is to be done, for a person.</summary>
    public string Words => $"Mend {string.Join(", ", Repairs)}{(OldPath == Path ? "" : $" and write it as {System.IO.Path.GetFileName(Path)}")}";
}
