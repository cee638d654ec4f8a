namespace WaterMeters;

/// <summary>What Initialize-WmsRepository did with a part of the repository.</summary>
public enum RepositoryItemOutcome
{
    /// <summary>It was not there, and was created.</summary>
    Created,

    /// <summary>It was there; missing lines were added, or it was brought up to date.</summary>
    Updated,

    /// <summary>It was there as it should be.</summary>
    Unchanged,

    /// <summary>It was there with other content, which was kept.</summary>
    Kept,
}
