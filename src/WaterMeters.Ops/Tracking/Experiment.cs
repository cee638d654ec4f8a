namespace WaterMeters.Ops.Tracking;

/// <summary>A group of runs.</summary>
/// <param name="Id">Identifier: a number, as text.</param>
/// <param name="Name">Name, unique in a store.</param>
/// <param name="ArtifactAddress">Address of the folder in which its runs keep their artifacts.</param>
public sealed record Experiment(string Id, string Name, string ArtifactAddress);
