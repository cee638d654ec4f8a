using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines;

/// <summary>
/// Uses a service on the machine for a short time: starts the machine if it is off, and afterwards ends what it has started. A machine that
/// is on already is left as it is unless somebody asks.
/// </summary>
/// <param name="settings">Account, region, bucket, name, and the address of the service.</param>
/// <param name="run">Whose lease it is.</param>
/// <param name="purpose">What for; others see it.</param>
/// <exception cref="InfrastructureException">No setting names the bucket or the region.</exception>
public sealed class MachineUse(AwsSettings settings, RunIdentity run, string purpose) : IDisposable
{
    private readonly MachineSession session = new(settings);

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
    public Infrastructure Read(CancellationToken stop) => new MachineReader(session).Read(null, run, stop);

    /// <summary>Starts the machine and waits until the service answers. Called again, it renews the lease.</summary>
    /// <param name="duration">How long the lease lasts: the machine ends it, whatever becomes of this computer.</param>
    /// <param name="report">Called with what happens, for a message.</param>
    /// <param name="stop">Stops the work; a lease that was taken is released.</param>
    /// <exception cref="InfrastructureException">It cannot be started; a lease that was taken is released.</exception>
    public Infrastructure Start(TimeSpan duration, Action<string> report, CancellationToken stop)
    {
        var health = settings.Registry is { } registry ? new Uri($"{registry.ToString().TrimEnd('/')}/health") : null;
        var options = new StartOptions
        {
            Run = run,
            Purpose = purpose,
            For = duration,
            Wait = !HasLease,
            Services = health is null ? [] : [health],
        };
        var machine = new MachineStarter(session, options, report).Start(stop);
        HasLease = true;
        return machine;
    }

    /// <summary>Releases the lease of this run and, if no other is live, waits until the machine is off.</summary>
    /// <exception cref="InfrastructureException">It does not stop, or AWS refuses.</exception>
    public Infrastructure Stop(Action<string> report, CancellationToken stop)
    {
        var stopper = new MachineStopper(session, new StopOptions { Run = run }, report);
        var machine = stopper.Stop(stop);
        HasLease = false;
        Others = stopper.Others;
        return machine;
    }

    /// <summary>Leaves the lease to end at its deadline.</summary>
    public void Keep() => HasLease = false;

    /// <summary>
    /// Releases the lease within 5 seconds and waits for nothing else, for a work that was stopped or has failed: without another lease the
    /// machine powers off by itself.
    /// </summary>
    /// <returns>Whether it was released; otherwise it ends at its deadline.</returns>
    public bool Release()
    {
        bool isReleased = false;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            // The first thing that is reported is the release.
            Stop(_ =>
            {
                isReleased = true;
                limit.Cancel();
            }, limit.Token);
            return true;
        }
        catch (Exception e) when (e is InfrastructureException or OperationCanceledException)
        {
            return isReleased;
        }
        finally
        {
            HasLease = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
