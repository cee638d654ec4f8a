using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines;

/// <summary>
/// Uses a service on the machine for a short time: starts the machine if it is off, and afterwards ends what it has started. A machine that
/// is on already is left as it is unless somebody asks. Its lease is one of its own, beside that of the user.
/// </summary>
/// <param name="settings">Account, region, bucket, name, and the address of the service.</param>
/// <param name="user">Who uses it.</param>
/// <param name="purpose">What for; others see it.</param>
/// <param name="cache">The user's cache folder, where prices are kept; null: only the module's table is used.</param>
/// <exception cref="InfrastructureException">No setting names the bucket or the region.</exception>
public sealed class MachineUse(AwsSettings settings, RunIdentity user, string purpose, string? cache = null) : IDisposable
{
    private readonly MachineSession session = new(settings, cache: cache);
    private readonly RunIdentity here = user with { Id = $"{user.Id}~{purpose}" };

    /// <summary>Whether the machine was started here, and its lease has not been ended yet.</summary>
    public bool HasLease { get; private set; }

    /// <summary>The leases of others that keep the machine on after <see cref="Stop"/>, for people; null when none does.</summary>
    public string? Others { get; private set; }

    /// <summary>Returns whether a tracking server is the one that the settings say is on the machine.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="server">Address of the tracking server; credentials in it do not count.</param>
    public static bool IsFor(AwsSettings settings, string server)
    {
        ArgumentNullException.ThrowIfNull(settings);
        const UriComponents place = UriComponents.SchemeAndServer | UriComponents.Path;
        return settings.Registry is { } registry && Uri.TryCreate(server.TrimEnd('/'), UriKind.Absolute, out var other)
            && Text(registry) == Text(other);

        static string Text(Uri uri) => uri.GetComponents(place, UriFormat.UriEscaped).TrimEnd('/');
    }

    /// <summary>Reads the machine as it is now.</summary>
    /// <exception cref="InfrastructureException">There is no such machine, or AWS refuses.</exception>
    public Infrastructure Read(CancellationToken stop) => new MachineReader(session).Read(null, user, stop);

    /// <summary>Starts the machine and waits until the service answers.</summary>
    /// <param name="duration">How long the lease lasts: the machine ends it, whatever becomes of this computer.</param>
    /// <param name="report">Called with what happens, for a message.</param>
    /// <param name="stop">Stops the work; a lease that was taken is released.</param>
    /// <exception cref="InfrastructureException">It cannot be started; a lease that was taken is released.</exception>
    public Infrastructure Start(TimeSpan duration, Action<string> report, CancellationToken stop)
    {
        var health = settings.Registry is { } registry ? new Uri($"{registry.ToString().TrimEnd('/')}/health") : null;
        var options = new StartOptions
        {
            Run = here,
            Purpose = purpose,
            For = duration,
            Wait = true,
            Services = health is null ? [] : [health],
        };
        var machine = new MachineStarter(session, options, report).Start(stop);
        HasLease = true;
        return machine;
    }

    /// <summary>
    /// Releases the lease that was taken here and, if the user asks for it, the user's own. If no other is live, waits until the machine is
    /// off.
    /// </summary>
    /// <param name="withOwn">Whether the user's own lease ends too.</param>
    /// <param name="report">Called with what happens, for a message.</param>
    /// <param name="stop">Stops the waiting.</param>
    /// <exception cref="InfrastructureException">It does not stop, or AWS refuses.</exception>
    public void Stop(bool withOwn, Action<string> report, CancellationToken stop)
    {
        if (HasLease)
        {
            End(here);
            HasLease = false;
        }

        if (withOwn) End(user);

        void End(RunIdentity run)
        {
            var stopper = new MachineStopper(session, new StopOptions { Run = run }, report);
            stopper.Stop(stop);
            Others = stopper.Others;
        }
    }

    /// <summary>
    /// Leaves the machine on for the user: under the user's own lease, which Stop-WmsInfrastructure ends. A longer one stays as it is.
    /// </summary>
    /// <param name="duration">How long it stays on.</param>
    /// <param name="report">Called with what happens, for a message.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">AWS refuses; the lease that was taken here is still there.</exception>
    public Infrastructure Keep(TimeSpan duration, Action<string> report, CancellationToken stop)
    {
        var machine = Read(stop);
        var now = DateTimeOffset.FromUnixTimeSeconds(session.Aws.ServerTime).UtcDateTime;
        if (machine.OwnDeadline is not { } deadline || deadline - now < duration)
        {
            var options = new StartOptions { Run = user, Purpose = purpose, For = duration, Wait = false };
            machine = new MachineStarter(session, options, report).Start(stop);
        }

        Release(report);
        return machine;
    }

    /// <summary>
    /// Releases the lease that was taken here within 5 seconds and waits for nothing else: without another one the machine powers off by
    /// itself.
    /// </summary>
    /// <param name="report">Called with what happened, for a message.</param>
    public void Release(Action<string> report)
    {
        if (HasLease) LeaseRelease.Try(session, here, report);
        HasLease = false;
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
