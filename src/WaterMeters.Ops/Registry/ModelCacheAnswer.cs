namespace WaterMeters.Ops.Registry;

/// <summary>What a server said about a name such as <c>Production</c>.</summary>
/// <param name="Store">The server, see <see cref="ModelCache.NameOf"/>.</param>
/// <param name="Reference">What was asked for, as MLflow writes it.</param>
/// <param name="Name">Name of the registered model, or of the run.</param>
/// <param name="Version">Version number; null for a run that has no version.</param>
/// <param name="Path">Absolute path of the model's file.</param>
/// <param name="Time">When the server said so.</param>
public sealed record ModelCacheAnswer(string Store, string Reference, string Name, int? Version, string Path, DateTimeOffset Time);
