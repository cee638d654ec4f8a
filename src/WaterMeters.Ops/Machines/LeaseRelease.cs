namespace WaterMeters.Ops.Machines;

/// <summary>Releases a lease in one call, when nobody has time to wait for the machine.</summary>
internal static class LeaseRelease
{
    private const int Attempts = 5;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Releases the lease; that there is none is no error, and one that cannot be released ends by itself.</summary>
    /// <param name="session">The machine.</param>
    /// <param name="run">Whose lease.</param>
    /// <param name="report">Called with what happened, for a message.</param>
    public static void Try(MachineSession session, RunIdentity run, Action<string> report)
    {
        using var limit = new CancellationTokenSource(Limit);
        bool isReleased = false;
        try
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                var read = session.Leases.Read(limit.Token);
                if (read.Document.Find(run.Id) is null) return;
                var next = session.Rules.Release(read.Document, run.Id, force: false, read.Now);
                if (session.Leases.TryWrite(read, next, limit.Token) is not { } written) continue;
                isReleased = true;
                report($"The lease '{run.Id}' is released; without another one the machine powers off by itself.");
                session.ShowAgain(written, limit.Token);
                return;
            }
        }
        catch (Exception e) when (e is InfrastructureException or OperationCanceledException)
        {
            // Said below.
        }

        if (isReleased) return;
        report($"The lease '{run.Id}' could not be released. It ends by itself, at the latest after its deadline. To end it now, run "
            + $"Stop-WmsInfrastructure -RunId '{run.Id}'.");
    }
}
