namespace WaterMeters;

/// <summary>A version of a registered model: its stage, since when, and how good it is.</summary>
public sealed record RegisteredModelVersion
{
    /// <summary>Name of the registered model.</summary>
    public required string ModelName { get; init; }

    /// <summary>Version number, from 1.</summary>
    public int Version { get; init; }

    /// <summary>Registry stage; with -At of Get-WmsModel, the one at that time.</summary>
    public ModelStage Stage { get; init; }

    /// <summary>Aliases that lead to the version, separated by commas; empty when there is none.</summary>
    public string Aliases { get; init; } = "";

    /// <summary>
    /// Rating of <see cref="Dice"/>: Excellent from 0.85, Good from 0.70, Mediocre from 0.50, otherwise Poor; null without scores.
    /// </summary>
    public string? Quality => Dice is { } dice ? ModelMetrics.Rate(dice) : null;

    /// <summary>Mean Dice over the photos of <see cref="Split"/>, 0..1; null when the run has none.</summary>
    public double? Dice { get; init; }

    /// <summary>Mean IoU over the photos of <see cref="Split"/>, 0..1; null when the run has none.</summary>
    public double? IoU { get; init; }

    /// <summary>Part of the data set that was measured: Test or, if that was not, Validation; null without scores.</summary>
    public DatasetSplit? Split { get; init; }

    /// <summary>
    /// When the version came into its stage. If other software changed the stage, it left no record, and this is the version's last change:
    /// the stage changed then or earlier, and <see cref="By"/> is null.
    /// </summary>
    public DateTime Since { get; init; }

    /// <summary>User who changed the stage; null when it is not recorded, and for a version that never changed its stage.</summary>
    public string? By { get; init; }

    /// <summary>Why the stage was changed; null when no reason was given.</summary>
    public string? Reason { get; init; }

    /// <summary>When the version was registered.</summary>
    public DateTime Created { get; init; }

    /// <summary>Identifier of the run that made the model; null when it is unknown.</summary>
    public string? RunId { get; init; }

    /// <summary>Name of the run that made the model; null when it is unknown.</summary>
    public string? RunName { get; init; }

    /// <summary>SHA-256 of the model file, 64 lower-case hexadecimal digits; null when it is not recorded.</summary>
    public string? ModelDigest { get; init; }

    /// <summary>Name of the version for -Model of other cmdlets, models:/NAME/VERSION.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// What the next cmdlet takes as the model: the absolute path of the file in a store on this machine, null when it is missing; for a
    /// server the same as <see cref="Model"/>, which is downloaded when it is used.
    /// </summary>
    public string? ModelPath { get; init; }

    /// <summary>Address of the model's files, as the store has it.</summary>
    public required string Source { get; init; }

    /// <summary>Address of the store.</summary>
    public required string TrackingUri { get; init; }

    /// <summary>Address of the version's web page; null when the store has none.</summary>
    public string? Url { get; init; }
}
