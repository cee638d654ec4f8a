using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines;

/// <summary>
/// The schedule of EventBridge that stops the machine from outside, half an hour after the last deadline, if the machine does not power off
/// by itself. Here it is written before the machine is started; while the machine is on, only its keeper writes it
/// (docs/decisions/machine-keeper.md). https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
/// </summary>
/// <param name="session">The machine.</param>
internal sealed class StopSchedule(MachineSession session)
{
    /// <summary>Seconds after the last deadline: all that the machine does by itself comes before.</summary>
    public const long Outside = 1800;

    /// <summary>Seconds from now that the machine has at least, to start and to read its leases.</summary>
    public const long Least = 3600;

    /// <summary>Seconds around its time in which the call of StopInstances may be under way: it is sent in that minute.</summary>
    private const long Under = 150;

    private const string Form = "yyyy-MM-ddTHH:mm:ss", Missing = "ResourceNotFoundException";

    private readonly AwsSettings settings = session.Settings;

    private string Query => $"?groupName={Uri.EscapeDataString(settings.ScheduleGroup)}";

    private string Name => $"schedules/{Uri.EscapeDataString(settings.Machine)}";

    /// <summary>
    /// Moves the schedule behind the last deadline; without the setting, nothing. If the old one is calling now, waits until that has
    /// arrived, because it would stop the machine that is about to be started.
    /// </summary>
    /// <param name="instance">The instance, which is off.</param>
    /// <param name="deadline">The last deadline of its leases, Unix seconds.</param>
    /// <param name="report">Called with what happens, for a message.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">The account may not, or AWS cannot be reached.</exception>
    public void Arm(MachineInstance instance, long deadline, Action<string> report, CancellationToken stop)
    {
        if (settings.SchedulerRole is not { } role) return;
        long? old = Read(stop);
        long now = session.Aws.ServerTime, at = Math.Max(deadline, now + Least) + Outside;
        var time = DateTimeOffset.FromUnixTimeSeconds(at).UtcDateTime;
        string body = Body(role, instance.Id, time).ToJsonString();
        try
        {
            if (old is not null || !Create(body, stop)) Send(HttpMethod.Put, body, stop).Dispose();
            report($"If the machine does not power off by itself, AWS stops it at {time:u}.");
        }
        finally
        {
            // Also when it could not be written: then the old one is still there.
            if (old is { } fired && fired + Under - now is > 0 and < 2 * Under and var wait && !stop.IsCancellationRequested)
            {
                report($"The schedule may be stopping the machine now. Waiting for {wait} s.");
                Task.Delay(TimeSpan.FromSeconds(wait), session.Time, stop).GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>Deletes the schedule, if there is one.</summary>
    /// <exception cref="InfrastructureException">The account may not, or AWS cannot be reached.</exception>
    public void Delete(CancellationToken stop)
    {
        if (settings.SchedulerRole is not null) Find(HttpMethod.Delete, stop)?.Dispose();
    }

    /// <summary>Returns false if another client, or a request whose answer was lost, has created it meanwhile.</summary>
    private bool Create(string body, CancellationToken stop)
    {
        try
        {
            Send(HttpMethod.Post, body, stop, "ConflictException").Dispose();
            return true;
        }
        catch (AnsweredException)
        {
            return false;
        }
    }

    private JsonDocument Send(HttpMethod method, string body, CancellationToken stop, string? answer = null) =>
        session.Aws.Scheduler(
            client => client.SendAsync(method, body.Length == 0 ? Name + Query : Name, body, stop), settings.Machine, stop,
            e => (e as AmazonServiceException)?.ErrorCode is not { } code ? null
                : code == answer ? new AnsweredException()
                : code == Missing ? new InfrastructureException(InfrastructureFault.NotConfigured, settings.ScheduleGroup,
                    $"There is no schedule group '{settings.ScheduleGroup}'. Correct aws.schedule_group in wms.yaml: it is the output "
                    + "schedule_group of Terraform.", e)
                : null);

    /// <summary>The time of the schedule in Unix seconds; null if there is none.</summary>
    private long? Read(CancellationToken stop)
    {
        using var found = Find(HttpMethod.Get, stop);
        if (found is null) return null;
        string? text = found.RootElement.TryGetProperty("ScheduleExpression", out var expression)
            && expression.ValueKind == JsonValueKind.String ? expression.GetString() : null;
        return text is ['a', 't', '(', .. var time, ')'] && DateTimeOffset.TryParseExact(
            time, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeSeconds() : 0;
    }

    private JsonDocument? Find(HttpMethod method, CancellationToken stop)
    {
        try
        {
            return Send(method, "", stop, Missing);
        }
        catch (AnsweredException)
        {
            return null;
        }
    }

    /// <summary>
    /// Nothing is repeated later: a stop that comes late could hit the next lease. The schedule stays when its time is over, so that the
    /// next start sees when that was.
    /// </summary>
    private JsonObject Body(string role, string instance, DateTime time) => new()
    {
        ["GroupName"] = settings.ScheduleGroup,
        ["ScheduleExpression"] = $"at({time.ToString(Form, CultureInfo.InvariantCulture)})",
        ["FlexibleTimeWindow"] = new JsonObject { ["Mode"] = "OFF" },
        ["ActionAfterCompletion"] = "NONE",
        ["Description"] = "Stops the machine if it does not power off by itself",
        ["Target"] = new JsonObject
        {
            ["Arn"] = $"arn:{role.Split(':')[1]}:scheduler:::aws-sdk:ec2:stopInstances",
            ["RoleArn"] = role,
            ["RetryPolicy"] = new JsonObject { ["MaximumEventAgeInSeconds"] = 60, ["MaximumRetryAttempts"] = 0 },
            ["Input"] = new JsonObject { ["InstanceIds"] = new JsonArray(instance) }.ToJsonString(),
        },
    };

    private sealed class AnsweredException : Exception;
}
