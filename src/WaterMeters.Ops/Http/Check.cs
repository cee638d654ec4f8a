namespace WaterMeters.Ops.Http;

/// <summary>Makes the records of checks that use the network or another program: short, and limited in time.</summary>
internal static class Check
{
    /// <summary>Everything needed is present.</summary>
    public static EnvironmentCheck Ok(string name, string detail) => new() { Name = name, Detail = detail };

    /// <summary>Nothing of this is set up, so nothing was asked.</summary>
    public static EnvironmentCheck Skipped(string name, string detail) =>
        new() { Name = name, Status = EnvironmentStatus.Skipped, Detail = detail };

    /// <summary>Usable, but with limitations.</summary>
    public static EnvironmentCheck Warning(string name, string detail, string remedy) =>
        new() { Name = name, Status = EnvironmentStatus.Warning, Detail = detail, Remedy = remedy };

    /// <summary>The cmdlets that need it will fail.</summary>
    public static EnvironmentCheck Missing(string name, string detail, string remedy) =>
        new() { Name = name, Status = EnvironmentStatus.Missing, Detail = detail, Remedy = remedy };

    /// <summary>Runs a check on another thread, and does not wait longer than a limit: not even for what cannot be cancelled.</summary>
    /// <param name="limit">How long.</param>
    /// <param name="name">Name of the check.</param>
    /// <param name="work">The check; its token is cancelled at the limit.</param>
    /// <param name="stop">Stops waiting.</param>
    public static EnvironmentCheck Within(
        TimeSpan limit, string name, Func<CancellationToken, EnvironmentCheck> work, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        ending.CancelAfter(limit);
        var token = ending.Token;
        try
        {
            return Task.Run(() => work(token), CancellationToken.None).WaitAsync(token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Missing(name, FormattableString.Invariant($"No answer within {limit.TotalSeconds:0.###} s."),
                "Check the network and HTTPS_PROXY, and try again.");
        }
    }
}
