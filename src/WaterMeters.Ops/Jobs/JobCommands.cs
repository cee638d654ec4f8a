using System.Globalization;
using System.Text;
using Amazon.SimpleSystemsManagement.Model;
using WaterMeters.Ops.Machines;

namespace WaterMeters.Ops.Jobs;

/// <summary>
/// The commands that reach the machine through SSM. Each ends at once: a job is a unit of the machine, and outlives them.
/// </summary>
/// <param name="session">The machine.</param>
/// <param name="run">The job.</param>
internal sealed class JobCommands(MachineSession session, RunIdentity run)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private const string Path = "PATH=\"$PATH:/usr/local/bin\"; export PATH\n";

    /// <summary>
    /// A job that ended without a result may start again. One with a result does nothing: see <see cref="JobRunner.Run"/>.
    /// </summary>
    private string Again => $"case \"$(wms-job status {run.Id})\" in state=running*) ;; "
        + $"*) rm -f \"${{WMS_VAR:-/var/lib/wms}}/jobs/{run.Id}/exit\"; systemctl reset-failed 'wms-job-*' 2> /dev/null ;; esac\n";

    /// <summary>Starts the job, or finds it running.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="hours">How long the job may take.</param>
    /// <param name="moduleVersion">Version of the module that it needs.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">The machine cannot start it.</exception>
    public void Start(string instanceId, int hours, string moduleVersion, CancellationToken stop) => Send(instanceId, Path
        + Again + string.Create(CultureInfo.InvariantCulture, $"wms-job start {run.Id} --hours {hours} -- env HOME=\"${{HOME:-/root}}\" ")
        + $"pwsh -NoLogo -NoProfile -NonInteractive -EncodedCommand {Encoded(Script(moduleVersion))}", stop);

    /// <summary>Returns the state of the job on the machine, and the end of its log.</summary>
    /// <exception cref="InfrastructureException">The command does not reach the machine.</exception>
    public string Status(string instanceId, CancellationToken stop) => Send(instanceId, Path
        + $"wms-job status {run.Id}\ntail -n 20 \"${{WMS_VAR:-/var/lib/wms}}/jobs/{run.Id}/log\" 2>/dev/null || true", stop);

    private static string Encoded(string script) => Convert.ToBase64String(Encoding.Unicode.GetBytes(script));

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private string Script(string moduleVersion)
    {
        var settings = session.Settings;
        string version = Quoted(moduleVersion);
        return "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'\n"
            + $"if (-not (Get-Module WaterMeters -ListAvailable | Where-Object Version -eq {version})) {{ "
            + $"Install-PSResource WaterMeters -Version {version} -TrustRepository -Scope AllUsers }}\n"
            + $"Import-Module WaterMeters -RequiredVersion {version}\n$null = Install-WmsRuntime\n"
            + $"Start-WmsTraining -JobId {Quoted(run.Id)} -OutputPath (Join-Path ($env:WMS_JOBS ?? '/data/jobs') {Quoted(run.Id)})"
            + $" -BucketName {Quoted(session.Bucket)} -Region {Quoted(settings.RequireRegion())}"
            + (settings.Endpoint is { } endpoint ? $" -EndpointUrl {Quoted(endpoint.ToString())}" : "");
    }

    /// <summary>Runs a script on the machine and returns what it prints.</summary>
    private string Send(string instanceId, string script, CancellationToken stop)
    {
        var request = new SendCommandRequest
        {
            DocumentName = "AWS-RunShellScript",
            InstanceIds = [instanceId],
            Parameters = new Dictionary<string, List<string>> { ["commands"] = [.. script.Split('\n')] },
            Comment = "WaterMeters",
            TimeoutSeconds = 60,
        };
        string command = session.Aws.Ssm(client => client.SendCommandAsync(request, stop), instanceId, stop).Command.CommandId;
        var asked = new GetCommandInvocationRequest { CommandId = command, InstanceId = instanceId };
        var pauses = new Pauses(session.Time, Limit);
        do
        {
            GetCommandInvocationResponse? answer = null;
            try
            {
                answer = session.Aws.Ssm(client => client.GetCommandInvocationAsync(asked, stop), instanceId, stop,
                    otherwise: e => e is InvocationDoesNotExistException ? new NotThereException() : null);
            }
            catch (NotThereException)
            {
                // SSM shows a command some moments after it has accepted it.
            }

            switch (answer?.Status?.Value)
            {
                case "Success":
                    return answer.StandardOutputContent ?? "";
                case "Failed" or "TimedOut" or "Cancelled":
                    string said = $"{answer.StandardErrorContent} {answer.StandardOutputContent}".Trim();
                    throw new InfrastructureException(
                        answer.Status.Value == "Failed" ? InfrastructureFault.JobFailed : InfrastructureFault.TimedOut, run.Id,
                        $"A command for the job '{run.Id}' has failed on the machine '{instanceId}' ({answer.Status.Value}"
                        + $"{(said.Length > 0 ? $": {said}" : "")}). Check its log with journalctl, and start again.");
                default:
                    break;
            }
        }
        while (pauses.Wait(stop));
        throw new InfrastructureException(InfrastructureFault.TimedOut, instanceId,
            $"The machine '{instanceId}' does not answer to a command of SSM. Check it in the AWS console, and start again.");
    }

    private sealed class NotThereException : Exception;
}
