using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement.Model;
using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines;

/// <summary>The calls that change an instance, and the question whether it answers.</summary>
/// <param name="session">The connection.</param>
internal sealed class MachineControl(AwsSession session)
{
    /// <summary>Starts a stopped instance. False when its state does not allow it: it has changed meanwhile.</summary>
    /// <exception cref="InfrastructureException">No capacity, no permission, ...</exception>
    public bool Start(string id, CancellationToken stop) => Try(() => session.Ec2(
        client => client.StartInstancesAsync(new StartInstancesRequest([id]), stop), id, stop, otherwise: WrongState));

    /// <summary>
    /// Stops an instance. Sent once: a second attempt could arrive when the machine has been started again. False when its state does not
    /// allow it.
    /// </summary>
    public bool Stop(string id, CancellationToken stop) => Try(() => session.Ec2(
        client => client.StopInstancesAsync(new StopInstancesRequest([id]), stop), id, stop, isOnce: true, WrongState));

    /// <summary>Terminates an instance, and returns the state that it is in then.</summary>
    public InfrastructureState Terminate(string id, CancellationToken stop)
    {
        var answer = session.Ec2(client => client.TerminateInstancesAsync(new TerminateInstancesRequest([id]), stop), id, stop);
        return MachineInstance.StateOf(answer.TerminatingInstances?.FirstOrDefault()?.CurrentState?.Name?.Value ?? "shutting-down");
    }

    /// <summary>Gives a stopped instance another type.</summary>
    public void SetType(string id, string type, CancellationToken stop) => session.Ec2(
        client => client.ModifyInstanceAttributeAsync(new ModifyInstanceAttributeRequest { InstanceId = id, InstanceType = type }, stop),
        id, stop);

    /// <summary>
    /// Shows on the instance who keeps it on, for people who look at it in a console. Nothing reads it, so it is tried once: a role without
    /// ec2:CreateTags works as well.
    /// </summary>
    public void Show(string id, string value, CancellationToken stop)
    {
        try
        {
            var request = new CreateTagsRequest { Resources = [id], Tags = [new Amazon.EC2.Model.Tag(LeaseTag.Name, value)] };
            session.Ec2(client => client.CreateTagsAsync(request, stop), id, stop, isOnce: true);
        }
        catch (InfrastructureException)
        {
            // It only shows.
        }
    }

    /// <summary>Returns whether the agent on the machine is connected, so that commands reach it.</summary>
    public bool IsOnline(string id, CancellationToken stop)
    {
        var request = new DescribeInstanceInformationRequest
        {
            Filters = [new InstanceInformationStringFilter { Key = "InstanceIds", Values = [id] }],
        };
        var answer = session.Ssm(client => client.DescribeInstanceInformationAsync(request, stop), id, stop);
        return (answer.InstanceInformationList ?? []).Any(one => one.InstanceId == id && one.PingStatus?.Value == "Online");
    }

    private static WrongStateException? WrongState(Exception e) =>
        e is AmazonEC2Exception { ErrorCode: "IncorrectInstanceState" or "IncorrectState" } ? new() : null;

    private static bool Try<T>(Func<T> call)
    {
        try
        {
            call();
            return true;
        }
        catch (WrongStateException)
        {
            return false;
        }
    }

    private sealed class WrongStateException : Exception;
}
