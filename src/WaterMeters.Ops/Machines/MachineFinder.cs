using Amazon.EC2.Model;
using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines;

/// <summary>Finds the machine: by its identifier, or by its tag among the instances that still exist.</summary>
/// <param name="session">The connection.</param>
/// <param name="time">The clock of the waiting.</param>
internal sealed class MachineFinder(AwsSession session, TimeProvider time)
{
    /// <summary>The tag that has the machine's name.</summary>
    public const string Tag = "wms:machine";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int Attempts = 4;

    /// <summary>Finds the machine.</summary>
    /// <param name="instanceId">Identifier; null: by the name of the settings.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">There is none, or there are several.</exception>
    public MachineInstance Find(string? instanceId, CancellationToken stop)
    {
        string machine = session.Settings.Machine;
        for (int attempt = 1; ; attempt++)
        {
            var found = Describe(instanceId, stop);
            var live = found.Where(IsLive).ToArray();
            if (live.Length == 1) return live[0];
            if (live.Length > 1)
            {
                throw new InfrastructureException(InfrastructureFault.Ambiguous, machine,
                    $"There are {live.Length} machines '{machine}' in '{session.Settings.Region}': "
                    + $"{string.Join(", ", live.Select(one => $"{one.Id} ({one.State})"))}. Pass -InstanceId, or terminate those that are "
                    + "not needed.");
            }

            // An instance, or its tag, that was made a moment ago is not everywhere yet.
            if (attempt < Attempts)
            {
                Task.Delay(Pause, time, stop).GetAwaiter().GetResult();
                continue;
            }

            throw found.MaxBy(one => one.Launched) is { } gone
                ? new InfrastructureException(InfrastructureFault.NotFound, gone.Id,
                    $"The machine '{gone.Id}' was terminated ({gone.State}). Create a new one with terraform, or pass the -InstanceId of "
                    + "another.")
                : instanceId is not null ? new InfrastructureException(InfrastructureFault.NotFound, instanceId,
                    $"There is no instance '{instanceId}' in the region '{session.Settings.Region}'. Check -InstanceId and -Region.")
                : new InfrastructureException(InfrastructureFault.NotFound, machine,
                    $"There is no instance with the tag {Tag}={machine} in '{session.Settings.Region}'. Check -Region and aws.machine in "
                    + "wms.yaml, create the machine with terraform, or pass -InstanceId.");
        }
    }

    /// <summary>Reads the state of an instance that was found before.</summary>
    /// <exception cref="InfrastructureException">It is gone.</exception>
    public MachineInstance Get(string id, CancellationToken stop) => Describe(id, stop).FirstOrDefault() ?? Find(id, stop);

    private static bool IsLive(MachineInstance instance) =>
        instance.State is not (InfrastructureState.ShuttingDown or InfrastructureState.Terminated);

    private IReadOnlyList<MachineInstance> Describe(string? id, CancellationToken stop)
    {
        var request = id is not null ? new DescribeInstancesRequest { InstanceIds = [id] }
            : new DescribeInstancesRequest { Filters = [new Filter($"tag:{Tag}", [session.Settings.Machine])] };
        var found = new List<MachineInstance>();
        try
        {
            do
            {
                var page = session.Ec2(client => client.DescribeInstancesAsync(request, stop), id ?? session.Settings.Machine, stop,
                    otherwise: e => e is Amazon.EC2.AmazonEC2Exception { ErrorCode: "InvalidInstanceID.NotFound" }
                        ? new UnknownException() : null);
                found.AddRange((page.Reservations ?? []).SelectMany(one => one.Instances ?? []).Select(MachineInstance.From));
                request.NextToken = page.NextToken;
            }
            while (!string.IsNullOrEmpty(request.NextToken));
        }
        catch (UnknownException)
        {
            // Just made, or of another region: the caller asks again, and says so.
        }

        return found;
    }

    private sealed class UnknownException : Exception;
}
