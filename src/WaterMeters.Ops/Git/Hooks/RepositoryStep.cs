namespace WaterMeters.Ops.Git.Hooks;

/// <summary>One part of a repository that is set up.</summary>
/// <param name="Item">The part, and what is done with it.</param>
/// <param name="Run">Does it; null if there is nothing to do.</param>
public sealed record RepositoryStep(RepositoryItem Item, Action? Run);
