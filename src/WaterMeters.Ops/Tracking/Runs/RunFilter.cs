namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>Which runs to list.</summary>
public sealed record RunFilter
{
    /// <summary>Name of the experiment; null when <see cref="MatchesExperiment"/> decides.</summary>
    public string? Experiment { get; init; }

    /// <summary>Whether an experiment counts, by its name; used without <see cref="Experiment"/>.</summary>
    public Func<string, bool>? MatchesExperiment { get; init; }

    /// <summary>Whether an experiment that does not exist is an error; otherwise there are no runs.</summary>
    public bool RequiresExperiment { get; init; }

    /// <summary>Whether a run counts, by its name; null: any.</summary>
    public Func<string, bool>? MatchesName { get; init; }

    /// <summary>The states that count; empty: any.</summary>
    public IReadOnlyCollection<RunStatus> States { get; init; } = [];

    /// <summary>Number of runs at most; null: all.</summary>
    public int? First { get; init; }
}
