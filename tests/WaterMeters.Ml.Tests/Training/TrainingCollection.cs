namespace WaterMeters.Ml.Tests.Training;

/// <summary>A process trains one model at a time, so tests that train run one at a time.</summary>
[CollectionDefinition(Name)]
public sealed class TrainingCollection
{
    public const string Name = "One training at a time";
}
