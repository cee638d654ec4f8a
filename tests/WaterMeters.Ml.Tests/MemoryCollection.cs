namespace WaterMeters.Ml.Tests;

/// <summary>Tests that count what is alive in the process, while no other test makes anything.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "What is alive in the process";
}
