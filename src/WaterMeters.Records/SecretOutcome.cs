namespace WaterMeters;

/// <summary>What became of a secret.</summary>
public enum SecretOutcome
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It has a new value.</summary>
    Updated,

    /// <summary>It was deleted, because the credentials have no such part.</summary>
    Removed,
}
