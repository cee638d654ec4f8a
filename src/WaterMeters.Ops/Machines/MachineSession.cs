using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Machines;

/// <summary>One machine and its lease object, as cmdlets use them.</summary>
public sealed class MachineSession : IDisposable
{
    private readonly AwsSession aws;
    private readonly string? priceFile;
    private MachineInstance? shown;

    /// <summary>Creates the session; nothing is sent yet.</summary>
    /// <param name="settings">Account, region, bucket and name.</param>
    /// <param name="time">The clock of all waiting; null: that of the system.</param>
    /// <param name="cache">The user's cache folder, where prices are kept; null: only the module's table is used.</param>
    /// <exception cref="InfrastructureException">No setting names the bucket or the region.</exception>
    public MachineSession(AwsSettings settings, TimeProvider? time = null, string? cache = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.RequireRegion();
        Bucket = settings.RequireBucket();
        Time = time ?? TimeProvider.System;
        aws = new AwsSession(settings, time);
        Finder = new MachineFinder(aws, Time);
        Control = new MachineControl(aws);
        Leases = new LeaseStore(aws, Bucket, settings.Machine);
        Rules = new LeaseRules(LeaseTimes.Default);
        priceFile = cache is null ? null : PriceFile.Path(cache, settings.Endpoint);
        Prices = MachinePrices.Read(priceFile);
    }

    /// <summary>The connection.</summary>
    internal AwsSession Aws => aws;

    /// <summary>Account, region, bucket and name.</summary>
    public AwsSettings Settings => aws.Settings;

    /// <summary>The bucket of the lease.</summary>
    public string Bucket { get; }

    /// <summary>The clock of all waiting.</summary>
    public TimeProvider Time { get; }

    /// <summary>Finds the instance.</summary>
    internal MachineFinder Finder { get; }

    /// <summary>Changes the instance.</summary>
    internal MachineControl Control { get; }

    /// <summary>The lease object.</summary>
    internal LeaseStore Leases { get; }

    /// <summary>The rules of the lease.</summary>
    internal LeaseRules Rules { get; }

    /// <summary>The prices.</summary>
    internal MachinePrices Prices { get; private set; }

    /// <summary>Reads the prices of the machine from AWS, and keeps them in the cache.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="run">Whose view it is.</param>
    /// <param name="stop">Stops the work.</param>
    /// <returns>The machine, with these prices.</returns>
    /// <exception cref="InfrastructureException">The account may not, or AWS cannot be reached.</exception>
    public Infrastructure RefreshPrices(Infrastructure machine, RunIdentity run, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var read = new PriceList(aws, Time.GetUtcNow().UtcDateTime).Read(machine.InstanceType, machine.Region, stop);
        Prices = PriceFile.Add(priceFile, machine.Region, read);
        return new MachineReader(this).Read(machine.InstanceId, run, stop);
    }

    /// <summary>Shows in a tag of the instance who keeps it on.</summary>
    internal void Show(MachineInstance instance, LeaseReading read, CancellationToken stop)
    {
        shown = instance;
        ShowAgain(read, stop);
    }

    /// <summary>Shows it in the tag that this session has written before; without one, nothing.</summary>
    internal void ShowAgain(LeaseReading read, CancellationToken stop)
    {
        if (shown is null) return;
        var live = read.Document.Leases.Where(lease => Rules.IsLive(lease, read.Document.Machine.Boot, read.Now));
        Control.Show(shown.Id, LeaseTag.Text(live), stop);
    }

    /// <summary>Describes the machine as it is now.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="read">The lease object.</param>
    /// <param name="run">Whose view it is.</param>
    /// <param name="isReady">Whether it was seen to be ready.</param>
    internal Infrastructure Describe(MachineInstance instance, LeaseReading read, RunIdentity run, bool isReady = false)
    {
        var live = read.Document.Leases.Where(lease => Rules.IsLive(lease, read.Document.Machine.Boot, read.Now)).ToArray();
        var own = live.FirstOrDefault(lease => lease.Id == run.Id);
        return MachineCosts.Of(new Infrastructure
        {
            InstanceId = instance.Id,
            MachineName = Settings.Machine,
            State = instance.State,
            IsReady = isReady || (instance.State == InfrastructureState.Running && own is not null
                && LeaseRules.IsReady(read.Document, run.Id)),
            InstanceType = instance.Type,
            Region = Settings.Region ?? "",
            Zone = instance.Zone,
            PublicAddress = instance.PublicAddress,
            PrivateAddress = instance.PrivateAddress,
            BucketName = Bucket,
            RunId = run.Id,
            LeaseCount = live.Length,
            LeaseOwner = live.Length == 0 ? null : string.Join(", ", live.Select(lease => lease.Owner).Distinct()),
            LeaseDeadline = live.Length == 0 ? null : Utc(live.Max(lease => lease.Deadline)),
            OwnDeadline = own is null ? null : Utc(own.Deadline),
            Launched = instance.IsOn ? instance.Launched : null,
            Uptime = instance is { IsOn: true, Launched: { } launched } && Time.GetUtcNow().UtcDateTime - launched is { Ticks: >= 0 } up
                ? up : null,
        }, Prices, Time.GetUtcNow().UtcDateTime, DisksOf(instance), instance.KeepsAddress, own);
    }

    /// <summary>Names leases for people: who, what for, until when.</summary>
    internal static string Names(IEnumerable<Lease> leases) => string.Join("; ", leases.Select(lease => FormattableString.Invariant(
        $"{lease.Owner}{(lease.Purpose.Length > 0 ? $" ({lease.Purpose})" : "")}, run '{lease.Id}', until {Utc(lease.Deadline):u}")));

    /// <inheritdoc/>
    public void Dispose() => aws.Dispose();

    private static DateTime Utc(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;

    /// <summary>The disks; null when these credentials may not ask: then the cost is unknown, and the work goes on.</summary>
    private IReadOnlyList<MachineDisk>? DisksOf(MachineInstance instance)
    {
        if (instance.Disks.Count == 0) return [];
        try
        {
            var request = new Amazon.EC2.Model.DescribeVolumesRequest { VolumeIds = [.. instance.Disks] };
            var answer = aws.Ec2(client => client.DescribeVolumesAsync(request), instance.Id, CancellationToken.None);
            return [.. (answer.Volumes ?? []).Select(disk => new MachineDisk(disk.Size ?? 0, disk.CreateTime?.ToUniversalTime()))];
        }
        catch (InfrastructureException)
        {
            return null;
        }
    }
}
