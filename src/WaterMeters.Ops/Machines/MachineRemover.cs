using Amazon.EC2.Model;
using Amazon.S3.Model;

namespace WaterMeters.Ops.Machines;

/// <summary>Removes what costs: the instance and its disks, the content of the bucket. Counts what would be lost before it does.</summary>
/// <param name="session">The machine.</param>
/// <param name="report">Called with what happens, for a message.</param>
public sealed class MachineRemover(MachineSession session, Action<string> report)
{
    private const int Page = 1000;

    /// <summary>Says what is lost with the instance.</summary>
    public string DescribeInstance(Infrastructure machine, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var instance = session.Finder.Get(machine.InstanceId, stop);
        return FormattableString.Invariant($"Terminate, with everything on its {instance.Disks.Count} disk(s)")
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
    public void Terminate(string instanceId, CancellationToken stop)
    {
        session.Control.Terminate(instanceId, stop);
        report($"The machine '{instanceId}' is being terminated.");
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

    /// <summary>Lists what still costs, for people; empty when nothing does that these credentials can see.</summary>
    public IReadOnlyList<string> Leftovers(CancellationToken stop)
    {
        var left = new List<string>();
        var named = new Amazon.EC2.Model.Filter($"tag:{MachineFinder.Tag}", [session.Settings.Machine]);
        var instances = session.Aws.Ec2(client => client.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [named] }, stop),
            session.Settings.Machine, stop);
        left.AddRange((instances.Reservations ?? []).SelectMany(one => one.Instances ?? []).Select(MachineInstance.From)
            .Where(one => one.State != InfrastructureState.Terminated).Select(one => $"instance {one.Id} ({one.State})"));
        var disks = session.Aws.Ec2(client => client.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = [named] }, stop),
            session.Settings.Machine, stop);
        left.AddRange((disks.Volumes ?? []).Select(disk => FormattableString.Invariant($"disk {disk.VolumeId} ({disk.Size} GB)")));
        var addresses = session.Aws.Ec2(
            client => client.DescribeAddressesAsync(new DescribeAddressesRequest { Filters = [named] }, stop),
            session.Settings.Machine, stop);
        left.AddRange((addresses.Addresses ?? []).Select(address => $"address {address.PublicIp}"));
        if (CountObjects(stop) is { Objects: > 0 } rest)
        {
            left.Add(FormattableString.Invariant($"{rest.Objects} objects in '{session.Bucket}' ({rest.Bytes / 1e6:0.0} MB)"));
        }

        return left;
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
