using System.Management.Automation;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;
using WaterMeters.Ops.Tracking.Stores;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>Gets recorded trainings from the tracking store, the newest first.</summary>
/// <seealso cref="StartWmsTrainingCommand"/>
/// <seealso cref="SyncWmsRunCommand"/>
/// <seealso href="about_WaterMeters_Training"/>
/// <seealso href="about_WaterMeters_Settings"/>
/// <remarks>
/// <para>Start-WmsTraining records each training as an MLflow run, in a database mlflow.db or on an MLflow server. Runs that other programs
/// logged to the same experiment are returned too; what they do not say is empty.</para>
/// <para>If a server is chosen, the runs in the local store that wait for it are returned as well, with IsWaiting; without a connection,
/// only these, after the error.</para>
/// <para>A run whose process on this computer has ended without a word is marked as Killed.</para>
/// <para>ModelPath is the model of the run if its folder is on this computer, so the output pipes to Measure-WmsModel and
/// Compare-WmsModel.</para>
/// </remarks>
/// <example><para>Show the last five trainings.</para><code>Get-WmsRun -First 5</code></example>
/// <example><para>Find the finished run with the highest Dice on the validation photos.</para>
/// <code>Get-WmsRun -Status Finished | Sort-Object ValidationDice | Select-Object -Last 1</code></example>
/// <example><para>Measure the model of the newest run whose folder is on this computer.</para>
/// <code>Get-WmsRun | Where-Object ModelPath | Select-Object -First 1 | Measure-WmsModel -DataPath ./meters</code></example>
/// <example><para>Write the curve of the validation Dice to a CSV file.</para>
/// <code>
/// Get-WmsRun first -First 1 | Get-WmsRun -PerMetric | Where-Object Metric -eq val_dice_epoch |
///     Export-Csv curve.csv
/// </code></example>
[Cmdlet(VerbsCommon.Get, "WmsRun", DefaultParameterSetName = ByName)]
[OutputType(typeof(TrackedRun), typeof(RunMetric))]
public sealed class GetWmsRunCommand : WmsCmdlet
{
    private const string ByName = "Name", ById = "Id";

    /// <summary>Names of runs; wildcards are permitted.</summary>
    [Parameter(ParameterSetName = ByName, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Identifiers of runs.</summary>
    [Parameter(ParameterSetName = ById, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] RunId { get; set; } = [];

    /// <summary>The experiment, * for all; wildcards are permitted.</summary>
    [Parameter(ParameterSetName = ByName)]
    [PSDefaultValue(Help = "MLFLOW_EXPERIMENT_NAME, tracking.experiment of wms.yaml, or water-meter-segmentation")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Experiment { get; set; }

    /// <summary>Only runs with these states: Running, Scheduled, Finished, Failed or Killed.</summary>
    [Parameter(ParameterSetName = ByName)]
    [SeveralValues]
    public RunStatus[]? Status { get; set; }

    /// <summary>The largest number of runs.</summary>
    [Parameter(ParameterSetName = ByName)]
    [PSDefaultValue(Help = "all")]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; }

    /// <summary>Returns one record for each value of each metric instead of one for each run.</summary>
    [Parameter]
    public SwitchParameter PerMetric { get; set; }

    /// <summary>The store: the http(s) address of an MLflow server, or a database as sqlite:///PATH or PATH.db.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "MLFLOW_TRACKING_URI, tracking.uri of wms.yaml, or the nearest mlflow.db")]
    [ValidateNotNullOrEmpty]
    public string? TrackingUri { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureTerminates => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryTracking(TrackingUri, out var tracking)) return;
        if (ParameterSetName == ById)
        {
            RunOnWorker(worker => WriteRuns(worker, tracking));
            return;
        }

        bool isPattern = Experiment is not null && WildcardPattern.ContainsWildcardCharacters(Experiment);
        var filter = new RunFilter
        {
            Experiment = isPattern ? null : WildcardPattern.Unescape(Experiment ?? tracking.Experiment),
            MatchesExperiment = isPattern ? Matcher([Experiment!]) : null,
            RequiresExperiment = Experiment is not null,
            MatchesName = Name is null ? null : Matcher(Name),
            States = Status ?? [],
            First = IsGiven(nameof(First)) ? First : null,
        };
        RunOnWorker(worker => WriteRuns(worker, tracking, filter));
    }

    private static Func<string, bool> Matcher(IEnumerable<string> patterns)
    {
        WildcardPattern[] all = [.. patterns.Select(p => WildcardPattern.Get(p, WildcardOptions.IgnoreCase))];
        return name => all.Any(p => p.IsMatch(name));
    }

    private void WriteRuns(PipelineWorker worker, TrackingChoice tracking)
    {
        using var store = tracking.Open();
        foreach (string id in RunId)
        {
            try
            {
                Write(worker, store, RunList.Read(store, id.Trim().ToLowerInvariant(), worker.Verbose, worker.Stopping));
            }
            catch (TrackingException e) when (e.Fault is TrackingFault.NotFound)
            {
                worker.Error(e); // one that does not exist does not stop the others
            }
        }
    }

    private void WriteRuns(PipelineWorker worker, TrackingChoice tracking, RunFilter filter)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        using var store = tracking.Open();

        // Without a database nothing waits, whatever else the folder has, such as an old folder store.
        using var local = tracking.Place.IsServer && File.Exists(tracking.Place.DatabasePath) ? tracking.OpenLocal() : null;
        IReadOnlyList<TrackedRun> waiting = [], runs = [];
        TrackingException? failure = null;
        if (local is not null) waiting = RunList.ReadWaiting(local, store.Address, filter, worker.Verbose, worker.Stopping);
        try
        {
            runs = RunList.Read(store, filter, worker.Verbose, worker.Stopping);
        }
        catch (TrackingException e) when (waiting.Count > 0)
        {
            failure = e;
        }

        if (failure is not null) worker.Error(failure);
        var all = waiting.Concat(runs).OrderByDescending(r => r.Start).Take(filter.First ?? int.MaxValue).ToList();
        foreach (var run in all)
        {
            found.Add(run.RunName);
            Write(worker, run.IsWaiting && local is not null ? local : store, run);
        }

        if (!tracking.Place.IsServer && tracking.Place.Source is not "default" and var source && !File.Exists(tracking.Place.DatabasePath))
        {
            worker.Warn($"There is no database '{tracking.Place.DatabasePath}', which {source} names. Start-WmsTraining creates it.");
        }

        if (all.Count == 0) worker.Verbose($"'{store.Address}' has no such runs in the experiment '{filter.Experiment ?? Experiment}'.");

        // A name without wildcards asks for one run; that there is none is worth an error.
        foreach (string name in Name ?? [])
        {
            if (failure is not null || WildcardPattern.ContainsWildcardCharacters(name)) continue;
            if (!found.Contains(WildcardPattern.Unescape(name))) worker.Error(WmsErrors.NoRun(name, store.Address));
        }
    }

    private void Write(PipelineWorker worker, ITrackingStore store, TrackedRun run)
    {
        if (!PerMetric)
        {
            worker.Post(() => WriteObject(run));
            return;
        }

        foreach (var metric in RunList.Metrics(store, run.RunId, worker.Stopping)) worker.Post(() => WriteObject(metric));
    }
}
