namespace WaterMeters.Ops.Tests.Machines.Leases;

/// <summary>What a search found.</summary>
/// <param name="States">Different states that were visited.</param>
/// <param name="Depth">Steps to the farthest of them.</param>
/// <param name="Documents">Different contents of the lease object.</param>
/// <param name="Violation">What went wrong first; null: nothing, in any state.</param>
/// <param name="Trace">The shortest way to it.</param>
internal sealed record SearchResult(int States, int Depth, int Documents, string? Violation, IReadOnlyList<string> Trace)
{
    public override string ToString() => Violation is null ? FormattableString.Invariant($"{States} states, {Depth} steps deep")
        : $"{Violation}\n" + string.Join('\n', Trace);
}

/// <summary>
/// Visits every state that two clients, the machine, S3 and EC2 can come into within bounds, breadth first, with the rules that the module
/// itself uses. Every message may be lost, its answer may be lost, a client may stop for any time or end for good between any two steps.
/// What must hold: the machine is not stopped under a lease that somebody was told is ready, and it does not stay on for more than five
/// minutes after the deadline of the last lease.
/// </summary>
internal sealed class LeaseSearch(SearchSettings settings)
{
    private readonly List<int> parents = [];
    private readonly List<string> actions = [];
    private readonly HashSet<UInt128> visited = [];

    public SearchResult Run()
    {
        var moves = new SearchMoves(settings);
        var frontier = new List<(int Index, SearchState State)>();
        foreach (var start in moves.Starts())
        {
            if (!visited.Add(start.Key())) continue;
            frontier.Add((parents.Count, start));
            parents.Add(-1);
            actions.Add(start.IsOn ? "the machine is on" : "the machine is off");
        }

        int depth = 0;
        while (frontier.Count > 0)
        {
            var next = new List<(int, SearchState)>();
            foreach (var (index, state) in frontier)
            {
                foreach (var (action, reached) in moves.From(state))
                {
                    if (!visited.Add(reached.Key())) continue;
                    next.Add((parents.Count, reached));
                    parents.Add(index);
                    actions.Add(action);
                }

                if (moves.Violation is { } violation)
                {
                    return new SearchResult(parents.Count, depth, moves.Documents, violation, [.. Trace(index), violation]);
                }

                if (parents.Count > settings.MaxStates)
                {
                    return new SearchResult(parents.Count, depth, moves.Documents, $"more than {settings.MaxStates} states", []);
                }
            }

            frontier = next;
            depth++;
        }

        return new SearchResult(parents.Count, depth, moves.Documents, null, []);
    }

    private IEnumerable<string> Trace(int index)
    {
        var steps = new Stack<string>();
        for (; index >= 0; index = parents[index]) steps.Push(actions[index]);
        return steps;
    }
}
