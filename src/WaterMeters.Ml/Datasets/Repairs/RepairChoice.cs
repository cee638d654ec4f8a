using WaterMeters.Ml.Datasets.Checks;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>What can be repaired of a file.</summary>
/// <param name="Repairs">The checks whose findings a repair would remove; empty if there are none.</param>
/// <param name="Refusal">Why the file must stay as it is, and what to do; null to repair it.</param>
internal sealed record RepairChoice(IReadOnlyList<DatasetCheck> Repairs, string? Refusal = null)
{
    /// <summary>Nothing to repair.</summary>
    public static RepairChoice None { get; } = new([]);

    /// <summary>Whether the file can be repaired.</summary>
    public bool IsPossible => Repairs.Count > 0 && Refusal is null;
}
