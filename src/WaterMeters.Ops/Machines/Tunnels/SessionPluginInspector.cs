using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Machines.Tunnels;

/// <summary>
/// Checks whether session-manager-plugin is installed, if the registry on the machine is reached through a port of this computer.
/// </summary>
public static class SessionPluginInspector
{
    /// <summary>Name of the check.</summary>
    public const string Name = SessionPlugin.Name;

    /// <summary>Runs the check; null when no address needs the program.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="stop">Ends it.</param>
    public static EnvironmentCheck? Inspect(AwsSettings settings, TimeSpan limit, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Registry is not { } registry || !ServiceTunnel.IsFor(registry)) return null;
        if (SessionPlugin.Find() is not { } program)
        {
            return Check.Missing(Name, "It is not installed: it forwards the port of aws.registry to the machine.",
                SessionPlugin.Installation);
        }

        return Check.Within(limit, Name, token => SessionPlugin.ReadVersion(program, token) switch
        {
            null => Check.Missing(Name, $"'{program}' does not tell its version.", SessionPlugin.Installation),
            { } old when !SessionPlugin.TakesVariable(old) => Check.Warning(
                Name, $"{old} ('{program}') is passed the token of a session where other users of this computer can see it.",
                SessionPlugin.Installation),
            { } version => Check.Ok(Name, $"{version} ('{program}')."),
        }, stop);
    }
}
