using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Registry;

/// <summary>What a publication will do, checked before anything is written.</summary>
public sealed record PublishPlan
{
    /// <summary>What was asked for.</summary>
    public required PublishRequest Request { get; init; }

    /// <summary>The model in words, such as <c>the model of the run 'first'</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The version that is in the requested stage now; null if there is none.</summary>
    public required RegisteredModelVersion? Current { get; init; }

    /// <summary>The number of a version with the same run; null if there is none.</summary>
    public required int? Same { get; init; }

    /// <summary>The run; null for a model file.</summary>
    internal Run? Run { get; init; }

    /// <summary>Folder of the model in the run's artifacts.</summary>
    internal string Folder { get; init; } = "";

    /// <summary>What is done, in words, for -WhatIf.</summary>
    public string Description
    {
        get
        {
            string text = $"Register {Source} as a new version";
            if (Request.Stage == ModelStage.None) return text;
            string condition = Request.Gate is null ? "" : " if it passes the gate";
            string from = Current is null ? "" : $", in place of {StagePlan.Describe(Current, withSince: true)}";
            return $"{text} in stage {Request.Stage}{from}{condition}";
        }
    }
}
