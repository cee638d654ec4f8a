using Amazon.EC2.Model;
using Amazon.S3.Model;

namespace WaterMeters.Ops.Machines;

/// <summary>Removes what costs: the instance and its disks, the content of the bucket. Counts what would be lost before it does.</summary>
/// <param name="session">The machine.</param>
/// <param name="report">Called with what happens, for a message.</param>
public sealed class MachineRemover(MachineSession session, Action<string> report)
{
    private const int Page = 1000;
    private const double Gibibyte = 1L << 30;

    /// <summary>Says what is lost with the instance.</summary>
    public string DescribeInstance(Infrastructure machine, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var instance = session.Finder.Get(machine.InstanceId, stop);
        int kept = instance.Disks.Count - instance.LostDisks;
        return FormattableString.Invariant($"Terminate, with everything on {instance.LostDisks} disk(s)")
            + (kept > 0 ? FormattableString.Invariant($"; {kept} disk(s) stay") : "")
            + (machine.LeaseCount > 0 ? FormattableString.Invariant($"; {machine.LeaseCount} lease(s) of {machine.LeaseOwner} end") : "");
    }

    /// <summary>Counts the objects of the bucket, all versions, and their bytes.</summary>
    public (long Objects, long Bytes) CountObjects(CancellationToken stop)
    {
        (long objects, long bytes) = (0, 0);
        foreach (var page in Versions(stop))
        {
            objects += page.Count;
            bytes += page.Sum(one => one.Size ?? 0);
        }

        return (objects, bytes);
    }

    /// <summary>Terminates the instance.</summary>
    /// <returns>The machine, in the state that EC2 says it is in.</returns>
    public Infrastructure Terminate(Infrastructure machine, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var state = session.Control.Terminate(machine.InstanceId, stop);
        report($"The machine '{machine.InstanceId}' is being terminated.");
        try
        {
            new StopSchedule(session).Delete(stop);
        }
        catch (InfrastructureException e)
        {
            report($"The schedule that stops the machine from outside was not deleted: {e.Message}");
        }

        return machine with { State = state, IsReady = false };
    }

    /// <summary>Deletes all objects of the bucket, in all versions; the bucket itself stays.</summary>
    /// <returns>How many were deleted.</returns>
    public long EmptyBucket(CancellationToken stop)
    {
        long deleted = 0;
        foreach (var page in Versions(stop))
        {
            foreach (var part in page.Chunk(Page))
            {
                var request = new DeleteObjectsRequest
                {
                    BucketName = session.Bucket,
                    Quiet = true,
                    Objects = [.. part.Select(one => new KeyVersion { Key = one.Key, VersionId = one.VersionId })],
                };
                session.Aws.S3(client => client.DeleteObjectsAsync(request, stop), session.Bucket, stop);
                deleted += part.Length;
                report(FormattableString.Invariant($"{deleted} objects of '{session.Bucket}' deleted."));
            }
        }

        return deleted;
    }

    /// <summary>
    /// Lists what still costs, for people, with US dollars a month where the price is known; empty when nothing does that has the tag of
    /// the machine and that these credentials can see.
    /// </summary>
    public IReadOnlyList<string> Leftovers(CancellationToken stop)
    {
        var left = new List<string>();
        var (prices, region) = (session.Prices, session.Settings.Region ?? "");
        var named = new Amazon.EC2.Model.Filter($"tag:{MachineFinder.Tag}", [session.Settings.Machine]);
        var instances = session.Aws.Ec2(client => client.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [named] }, stop),
            session.Settings.Machine, stop);
        foreach (var one in (instances.Reservations ?? []).SelectMany(found => found.Instances ?? []).Select(MachineInstance.From))
        {
            if (one.State == InfrastructureState.Terminated) continue;
            var price = one.IsOn ? prices.Instance(one.Type, region) : null;
            Add($"instance {one.Id}, {one.State}", price, MachinePrices.MonthHours);
        }

        var disks = session.Aws.Ec2(client => client.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = [named] }, stop),
            session.Settings.Machine, stop);
        foreach (var disk in disks.Volumes ?? [])
        {
            var price = disk.VolumeType?.Value == MachinePrices.Gp3 ? prices.Disk(region) : null;
            Add(FormattableString.Invariant($"disk {disk.VolumeId}, {disk.Size} GB"), price, disk.Size ?? 0);
        }

        var addresses = session.Aws.Ec2(
            client => client.DescribeAddressesAsync(new DescribeAddressesRequest { Filters = [named] }, stop),
            session.Settings.Machine, stop);
        foreach (var address in addresses.Addresses ?? [])
        {
            Add($"address {address.PublicIp}", prices.Address(region), MachinePrices.MonthHours);
        }

        if (CountObjects(stop) is { Objects: > 0 } rest)
        {
            Add(FormattableString.Invariant($"{rest.Objects} objects in '{session.Bucket}', {rest.Bytes / 1e6:0.0} MB"),
                prices.Objects(region), rest.Bytes / Gibibyte);
        }

        return left;

        void Add(string what, Price? price, double units) => left.Add(price is null ? what
            : FormattableString.Invariant($"{what} ({price.Value.Dollars * units:0.00} USD a month)"));
    }

    private IEnumerable<IReadOnlyList<S3ObjectVersion>> Versions(CancellationToken stop)
    {
        var request = new ListVersionsRequest { BucketName = session.Bucket };
        while (true)
        {
            var page = session.Aws.S3(client => client.ListVersionsAsync(request, stop), session.Bucket, stop);
            if (page.Versions is { Count: > 0 } versions) yield return versions;
            if (page.IsTruncated != true) yield break;
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
        }
    }
}
