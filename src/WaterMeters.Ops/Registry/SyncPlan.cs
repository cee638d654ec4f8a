using System.Globalization;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Registry;

/// <summary>What a synchronization will do, for -WhatIf and for the question of -Confirm.</summary>
public sealed record SyncPlan
{
    /// <summary>The version to copy.</summary>
    public required RegisteredModelVersion Version { get; init; }

    /// <summary>Absolute path of the folder of models/production.*.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether the version is there already, unchanged.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>The model file that is there; null when there is none.</summary>
    public string? CurrentPath { get; init; }

    /// <summary>Its version; null when that is unknown.</summary>
    public int? CurrentVersion { get; init; }

    /// <summary>What is done, in words: from which version to which.</summary>
    public string Description
    {
        get
        {
            string to = StagePlan.Describe(Version, withSince: false);
            if (CurrentPath is null) return $"Copy {to} of '{Version.ModelName}', no model is there";
            string from = CurrentVersion is { } number
                ? string.Create(CultureInfo.InvariantCulture, $"version {number}")
                : $"'{Path.GetFileName(CurrentPath)}', whose version is unknown,";
            return $"Replace {from} by {to} of '{Version.ModelName}'";
        }
    }

    /// <summary>The version as the store has it.</summary>
    internal ModelVersion Source { get; init; } = null!;
}
