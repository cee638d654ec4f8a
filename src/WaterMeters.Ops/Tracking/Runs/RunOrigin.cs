namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>Where and when something happened in a training that is recorded elsewhere.</summary>
/// <param name="Time">When.</param>
/// <param name="Machine">The machine, as <see cref="TrainingFigures.Machine"/> says it; null: not said.</param>
internal sealed record RunOrigin(DateTimeOffset Time, string? Machine);
