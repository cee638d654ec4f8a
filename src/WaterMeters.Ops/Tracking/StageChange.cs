namespace WaterMeters.Ops.Tracking;

/// <summary>One change of a version's registry stage.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Version">Version number.</param>
/// <param name="From">Stage before.</param>
/// <param name="To">Stage after.</param>
/// <param name="Time">When.</param>
/// <param name="By">Who; empty if unknown.</param>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="IsRecorded">
/// False for a change that other software made without a record: the time is then the last change of the version, so the stage changed
/// at that time or earlier.
/// </param>
public sealed record StageChange(
    string Name, int Version, RegistryStage From, RegistryStage To, DateTimeOffset Time, string By, string Reason, bool IsRecorded = true);
