namespace WaterMeters.Ops.Machines;

/// <summary>Reads what the machine is doing; changes nothing.</summary>
/// <param name="session">The machine.</param>
public sealed class MachineReader(MachineSession session)
{
    /// <summary>Reads state, leases and costs.</summary>
    /// <param name="instanceId">Identifier of the instance; null: it is found by its name.</param>
    /// <param name="run">Whose view it is.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">There is no such machine, or AWS refuses.</exception>
    public Infrastructure Read(string? instanceId, RunIdentity run, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(run);
        return session.Describe(session.Finder.Find(instanceId, stop), session.Leases.Read(stop), run);
    }
}
