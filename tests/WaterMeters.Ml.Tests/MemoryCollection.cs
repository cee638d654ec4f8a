namespace WaterMeters.Ml.Tests;

/// <summary>Tests that count live objects in the process; no other test runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "Live objects in the process";
}
