using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Machines.Tunnels;

namespace WaterMeters.Ops.Machines;

/// <summary>
/// Uses a service on the machine for a short time: starts the machine if it is off, and afterwards ends what it has started. A machine that
/// is on already is left as it is unless somebody asks. Its lease is one of its own, beside that of the user. If the address of the service
/// is one of this computer, the port is forwarded to the machine for as long as it is used.
/// </summary>
/// <param name="settings">Account, region, bucket, name, and the address of the service.</param>
/// <param name="user">Who uses it.</param>
/// <param name="purpose">What for; others see it.</param>
/// <param name="cache">The user's cache folder, where prices are kept; null: only the module's table is used.</param>
/// <exception cref="InfrastructureException">No setting names the bucket or the region.</exception>
public sealed class MachineUse(AwsSettings settings, RunIdentity user, string purpose, string? cache = null) : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromMinutes(5);

    private readonly MachineSession session = new(settings, cache: cache);
    private readonly RunIdentity here = user with { Id = $"{user.Id}~{purpose}" };
    private ServiceTunnel? tunnel;

    /// <summary>Whether the machine was started here, and its lease has not been ended yet.</summary>
    public bool HasLease { get; private set; }

    /// <summary>Called with what is wrong and keeps nothing from working; null: it is reported like the rest.</summary>
    public Action<string>? Warn { get; set; }

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
    /// <exception cref="InfrastructureException">
    /// It cannot be started, or no port can be forwarded; a lease that was taken is released.
    /// </exception>
    public Infrastructure Start(TimeSpan duration, Action<string> report, CancellationToken stop)
    {
        Tunnel()?.Require(stop);
        var options = new StartOptions
        {
            Run = here,
            Purpose = purpose,
            For = duration,
            Wait = true,
            Services = settings.Registry is { } registry ? [ServiceTunnel.HealthOf(registry)] : [],
            Connect = (instance, token) => Tunnel() is { } way && way.Open(instance, report, Warned(report), token),
        };
        var machine = new MachineStarter(session, options, report).Start(stop);
        HasLease = true;
        return machine;
    }

    /// <summary>
    /// Returns the address of the service, for messages, if it is one of this computer and a program answers there; null otherwise. While
    /// the machine is off, that program is not the machine's.
    /// </summary>
    public string? AnsweredHere(CancellationToken stop) => Tunnel() is { } way && way.IsAnswering(stop) ? way.Shown : null;

    /// <summary>Forwards the port to a machine that is on already, if the service does not answer, and waits until it does.</summary>
    /// <param name="instanceId">The machine.</param>
    /// <param name="report">Called with what happens, for a message.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">No port can be forwarded, or the service does not answer within five minutes.</exception>
    public void Connect(string instanceId, Action<string> report, CancellationToken stop)
    {
        if (Tunnel() is not { } way) return;
        way.Require(stop);
        var pauses = new Pauses(session.Time, ConnectLimit);
        bool isFirst = true;
        while (!way.IsAnswering(stop))
        {
            bool isOpened = way.Open(instanceId, report, Warned(report), stop);
            if (isOpened) pauses.Reset();
            if (isOpened || isFirst) report($"Waiting until {ServiceTunnel.HealthOf(settings.Registry!)} answers.");
            isFirst = false;
            if (!pauses.Wait(stop))
            {
                throw new InfrastructureException(InfrastructureFault.TimedOut, instanceId,
                    $"The registry on the machine '{instanceId}' does not answer. Check that SSM reaches it, and that MLflow "
                    + "runs there.");
            }
        }
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
        Disconnect();
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
        Disconnect();
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

    /// <summary>Ends the forwarding of the port, if it was started here; takes a few seconds at most.</summary>
    public void Disconnect()
    {
        tunnel?.Dispose();
        tunnel = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Disconnect();
        session.Dispose();
    }

    private Action<string> Warned(Action<string> report) => Warn ?? report;

    private ServiceTunnel? Tunnel() => settings.Registry is { } registry && ServiceTunnel.IsFor(registry)
        ? tunnel ??= new ServiceTunnel(session.Aws, registry) : null;
}
