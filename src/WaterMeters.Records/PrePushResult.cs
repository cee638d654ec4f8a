namespace WaterMeters;

/// <summary>What the pre-push hook decided about a push.</summary>
public sealed record PrePushResult
{
    /// <summary>What became of the push.</summary>
    public required PrePushOutcome Outcome { get; init; }

    /// <summary>Whether git may send the push as it is.</summary>
    public bool IsAllowed => Outcome == PrePushOutcome.Passed;

    /// <summary>Name of the remote, or its address for a push by address.</summary>
    public required string Remote { get; init; }

    /// <summary>Address of the remote, without user name and password.</summary>
    public required string Url { get; init; }

    /// <summary>The protected branch that the training data were meant for, several separated by commas; null for none.</summary>
    public string? TargetBranch { get; init; }

    /// <summary>The branch with the training data, several separated by commas; null for none.</summary>
    public string? DataBranch { get; init; }

    /// <summary>Id of the commit on the data branch; null if none was created by this push.</summary>
    public string? Commit { get; init; }

    /// <summary>Number of photos that the push adds or changes; null if it was not examined that far.</summary>
    public int? PhotoCount { get; init; }

    /// <summary>Number of masks that the push adds or changes; null if it was not examined that far.</summary>
    public int? MaskCount { get; init; }

    /// <summary>Number of .dvc files that the push adds, changes or removes; null if it was not examined that far.</summary>
    public int? DvcFileCount { get; init; }

    /// <summary>Number of photos and masks that the push removes; null if it was not examined that far.</summary>
    public int? RemovedCount { get; init; }

    /// <summary>Number of findings that are errors; null if nothing was checked.</summary>
    public int? ErrorCount { get; init; }

    /// <summary>Number of findings that are warnings; null if nothing was checked.</summary>
    public int? WarningCount { get; init; }

    /// <summary>All findings; their paths are relative to the top of the repository. As text, their counts.</summary>
    public required FindingList Findings { get; init; }

    /// <summary>Why the push is refused; null if it is allowed.</summary>
    public string? Message { get; init; }

    /// <summary>Duration.</summary>
    public TimeSpan Duration { get; init; }
}
