using System.Management.Automation;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;
using WaterMeters.Ops.Tracking.Stores;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>Sends recorded trainings from the local store to the MLflow server.</summary>
/// <seealso cref="GetWmsRunCommand"/>
/// <seealso cref="StartWmsTrainingCommand"/>
/// <seealso href="about_WaterMeters_Training"/>
/// <seealso href="about_WaterMeters_Settings"/>
/// <remarks>
/// <para>A training whose server does not respond is recorded in the local store: the nearest mlflow.db, as in Start-WmsTraining. This
/// cmdlet sends such runs, with parameters, tags, all values of the metrics, files, state and times, and returns the run of the server.
/// An interrupted call can be repeated: it continues and sends nothing twice.</para>
/// <para>-RunId sends a run that never waited too, for example one of the time before there was a server. It stays in the local store as
/// well.</para>
/// <para>A run that cannot be sent is an error and keeps waiting.</para>
/// </remarks>
/// <example><para>Send everything that waits for a server.</para>
/// <code>Sync-WmsRun -TrackingUri https://mlflow.example.com</code></example>
/// <example><para>Show what would be sent.</para>
/// <code>Sync-WmsRun -TrackingUri https://mlflow.example.com -WhatIf</code></example>
/// <example><para>Send a run that is in the local store.</para>
/// <code>Get-WmsRun first -First 1 | Sync-WmsRun -TrackingUri https://mlflow.example.com -WhatIf</code></example>
[Cmdlet(VerbsData.Sync, "WmsRun", SupportsShouldProcess = true)]
[OutputType(typeof(TrackedRun))]
public sealed class SyncWmsRunCommand : WmsCmdlet
{
    private readonly List<string> ids = [];

    /// <summary>Identifiers of runs in the local store.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "the runs that wait for this server")]
    [ValidateNotNullOrEmpty]
    public string[]? RunId { get; set; }

    /// <summary>The http(s) address of the MLflow server.</summary>
    [Parameter]
    [PSDefaultValue(Help = "MLFLOW_TRACKING_URI, or tracking.uri of wms.yaml")]
    [ValidateNotNullOrEmpty]
    public string? TrackingUri { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ids.AddRange((RunId ?? []).Select(id => id.Trim().ToLowerInvariant()));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (MyInvocation.ExpectingInput && ids.Count == 0) return; // a pipeline without runs does not mean all of them
        if (!TryTracking(TrackingUri, out var tracking)) return;
        if (!tracking.Place.IsServer)
        {
            Fail(WmsErrors.From(new SettingsException(
                nameof(TrackingUri),
                $"'{tracking.Place.Address}' is a database of this computer, not a server. " +
                    "Set MLFLOW_TRACKING_URI or -TrackingUri to the http(s) address of the server.")));
            return;
        }

        IReadOnlyList<Run> runs = [];
        string address = "";
        RunOnWorker(worker =>
        {
            address = TrackingStores.AddressOf(tracking.Place, Environment.GetEnvironmentVariable);
            runs = Select(worker, tracking, address);
        });
        var chosen = runs.Where(run => ShouldProcess($"{run.Name} ({run.Id})", $"Send to {address}")).ToList();
        if (chosen.Count > 0) RunOnWorker(worker => Send(worker, tracking, chosen));
    }

    private IReadOnlyList<Run> Select(PipelineWorker worker, TrackingChoice tracking, string address)
    {
        if (ids.Count == 0 && !File.Exists(tracking.Place.DatabasePath))
        {
            worker.Verbose($"No run waits for '{address}': there is no '{tracking.Place.DatabasePath}'.");
            return [];
        }

        using var local = tracking.OpenLocal();
        if (!IsWhatIf) RunList.EndDeadRuns(local, null, worker.Verbose, worker.Stopping);
        var named = new List<Run>();
        foreach (string id in ids.Distinct(StringComparer.Ordinal))
        {
            try
            {
                named.Add(RunSync.Find(local, id, worker.Stopping));
            }
            catch (TrackingException e) when (e.Target == id)
            {
                worker.Error(e);
            }
        }

        if (ids.Count > 0) return named;
        foreach (var (other, count) in RunSync.WaitingForOthers(local, address, worker.Stopping))
        {
            worker.Warn(FormattableString.Invariant($"Runs that wait for another server, '{other}': {count}. ") +
                "Use -TrackingUri with that address, or send them to this server with -RunId.");
        }

        var waiting = RunSync.Waiting(local, address, worker.Stopping);
        if (waiting.Count == 0) worker.Verbose($"No run in '{local.Address}' waits for '{address}'.");
        return waiting;
    }

    private void Send(PipelineWorker worker, TrackingChoice tracking, List<Run> runs)
    {
        using var local = tracking.OpenLocal();
        using var server = tracking.Open();
        TrackingException? gone = null;
        for (int i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            worker.ReportCount("Sending runs to " + server.Address, i, runs.Count, "runs");
            try
            {
                // After the first failure of the connection the others would only wait for the same.
                if (gone is not null) throw gone;
                string experiment = RunList.NameOf(local, run.ExperimentId, worker.Stopping);
                var sent = RunSync.Send(local, run, server, experiment, worker.Stopping);
                var record = TrackedRuns.From(server.GetRun(sent.Id, worker.Stopping), server, experiment);
                worker.Post(() => WriteObject(record));
            }
            catch (TrackingException e)
            {
                if (e.Fault is TrackingFault.Unreachable or TrackingFault.Unauthorized or TrackingFault.Busy) gone = e;
                worker.Error(new TrackingException(
                    e.Fault, run.Id, $"The run '{run.Name}' was not sent and stays in '{local.Address}': {e.Message}", e));
            }
        }
    }
}
