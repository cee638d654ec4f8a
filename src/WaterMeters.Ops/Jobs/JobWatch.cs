using WaterMeters.Ops.Machines;

namespace WaterMeters.Ops.Jobs;

/// <summary>Asks the machine about a job that has been silent for a while.</summary>
/// <param name="session">The machine.</param>
/// <param name="run">The job.</param>
/// <param name="instanceId">The instance.</param>
internal sealed class JobWatch(MachineSession session, RunIdentity run, string instanceId)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20), Longest = TimeSpan.FromMinutes(5);

    private TimeSpan patience = Silence;
    private long since = session.Time.GetTimestamp();

    /// <summary>The end of the job's log, with a beginning for a sentence; empty when it is not known.</summary>
    public string Log { get; private set; } = "";

    /// <summary>Begins again: the job has said something.</summary>
    public void Reset() => (since, patience) = (session.Time.GetTimestamp(), Silence);

    /// <summary>Returns whether the job does not run any more; false as long as it is not silent, or the machine does not tell.</summary>
    public bool HasEnded(CancellationToken stop)
    {
        if (session.Time.GetElapsedTime(since) < patience) return false;
        since = session.Time.GetTimestamp();
        patience = patience * 2 < Longest ? patience * 2 : Longest;
        string status;
        try
        {
            status = new JobCommands(session, run).Status(instanceId, stop);
        }
        catch (InfrastructureException)
        {
            if (session.Finder.Get(instanceId, stop).IsOn) return false;
            Log = ": the machine is off";
            return true;
        }

        string[] lines = status.Split('\n', 2);
        if (lines[0].StartsWith("state=running", StringComparison.Ordinal)) return false;
        Log = lines is [_, { Length: > 0 } log] ? $" ({log.ReplaceLineEndings(" ").Trim()})" : "";
        return true;
    }
}
