namespace WaterMeters.Ops.Tracking;

/// <summary>A change of stage that was made.</summary>
/// <param name="Version">The version after the change.</param>
/// <param name="From">Its stage before.</param>
/// <param name="Archived">Versions that were archived with it, after the change.</param>
public sealed record StageResult(ModelVersion Version, RegistryStage From, IReadOnlyList<ModelVersion> Archived);
