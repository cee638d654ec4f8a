namespace WaterMeters;

/// <summary>What became of a push.</summary>
public enum PrePushOutcome
{
    /// <summary>It has no training data for a protected branch, so git continues.</summary>
    Passed,

    /// <summary>Its training data are on a new branch of their own; the push itself is refused.</summary>
    DataPushed,

    /// <summary>Its training data were on a branch of their own already; the push itself is refused.</summary>
    AlreadyPushed,

    /// <summary>Its training data have findings that refuse them; nothing was sent.</summary>
    ChecksFailed,

    /// <summary>It cannot be judged, or its training data cannot be sent; nothing was sent. Message says why.</summary>
    Refused,

    /// <summary>Nothing was sent because of -WhatIf; without it, the training data would go to a branch of their own.</summary>
    WouldPush,
}
