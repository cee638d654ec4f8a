using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines.Tunnels;

/// <summary>
/// The way to a service on the machine whose address is one of this computer: a port that a session of SSM forwards to the same port on the
/// machine. No port of the machine is open to the network. Who forwards the port already, or has the service here, needs no session.
/// </summary>
/// <param name="aws">The connection.</param>
/// <param name="service">Address of the service.</param>
internal sealed class ServiceTunnel(AwsSession aws, Uri service) : IDisposable
{
    private readonly Uri health = HealthOf(service);
    private OpenedSession? opened;
    private PluginProcess? plugin;

    private string Port => service.Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>The address that says whether a service answers; messages show it, so it has no user and password.</summary>
    public static Uri HealthOf(Uri service) => new($"{WithoutUser(service).TrimEnd('/')}/health");

    /// <summary>Whether an address is one of this computer, so that a port must be forwarded.</summary>
    public static bool IsFor(Uri service) => service.DnsSafeHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(service.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether the service answers.</summary>
    public bool IsAnswering(CancellationToken stop) => ServiceCheck.IsAnswering(health, stop);

    /// <summary>
    /// Finds out whether a port can be forwarded, before anything costs: the service answers, or program and port are there.
    /// </summary>
    /// <exception cref="InfrastructureException">
    /// <see cref="InfrastructureFault.SessionPluginMissing"/>, or <see cref="InfrastructureFault.TunnelFailed"/>: another program has the
    /// port.
    /// </exception>
    public void Require(CancellationToken stop)
    {
        if (plugin is not null || IsAnswering(stop)) return;
        _ = Program();
        if (IsFree(service)) return;
        throw new InfrastructureException(InfrastructureFault.TunnelFailed, Shown,
            $"Another program of this computer uses port {Port}, and does not answer as the registry '{Shown}' does. The port is the same "
            + "here and on the machine. Close that program.");
    }

    /// <summary>
    /// Forwards the port, unless it is forwarded already. False if nothing has changed: the machine may not be reached yet.
    /// </summary>
    /// <param name="instanceId">The machine.</param>
    /// <param name="report">Called with what happens, for a message.</param>
    /// <param name="warn">Called when others can see the token of the session.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">The program is missing or has ended, or AWS refuses.</exception>
    public bool Open(string instanceId, Action<string> report, Action<string> warn, CancellationToken stop)
    {
        if (plugin is not null)
        {
            return plugin.HasEnded ? throw Ended(plugin.LastLines) : false;
        }

        string program = Program();
        bool isHidden = SessionPlugin.TakesVariable(SessionPlugin.ReadVersion(program, stop));
        opened = OpenedSession.TryOpen(aws, instanceId, Port, stop);
        if (opened is null) return false;
        plugin = new PluginProcess(program, opened, aws.Settings, service.DnsSafeHost, isHidden);
        report($"Forwarding port {Port} to the machine '{instanceId}' (session '{opened.Id}').");
        if (!isHidden) warn($"'{program}' is old: other users of this computer can see the token of its session. Update it.");
        return true;
    }

    /// <summary>Ends the program and the session; what AWS does not answer within 5 seconds is left.</summary>
    public void Dispose()
    {
        plugin?.Dispose();
        opened?.Terminate();
        (plugin, opened) = (null, null);
    }

    /// <summary>The address for messages: without a user and a password in it.</summary>
    public string Shown => WithoutUser(service);

    private static string WithoutUser(Uri service) => service.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    private string Program() => SessionPlugin.Find() ?? throw new InfrastructureException(
        InfrastructureFault.SessionPluginMissing, SessionPlugin.Name,
        $"The registry '{Shown}' is on the machine, and {SessionPlugin.Name}, which forwards the port to it, is not installed. "
        + (OperatingSystem.IsLinux() ? SessionPlugin.Installation : $"Run `{SessionPlugin.Installation}`."));

    private InfrastructureException Ended(string lines) => new(InfrastructureFault.TunnelFailed, Shown,
        $"{SessionPlugin.Name} has ended before '{Shown}' answered. "
        + (lines.Length > 0 ? $"It printed at last: '{lines}' " : "It printed nothing. ")
        + "Check that MLflow runs on the machine, or update the program.");

    /// <summary>
    /// Whether a program can listen on the port here, at each address that the name of the service may have: clients ask ::1 first, and
    /// would reach a program that has the port only there.
    /// </summary>
    internal static bool IsFree(Uri service) => IPAddress.TryParse(service.DnsSafeHost, out var address)
        ? IsFree(address, service.Port)
        : IsFree(IPAddress.Loopback, service.Port) && IsFree(IPAddress.IPv6Loopback, service.Port);

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.AddressAlreadyInUse; // the program says what else there is
        }
    }
}
