using System.Management.Automation;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;
using WaterMeters.Ops.Tracking.Runs;
using WaterMeters.Ops.Tracking.Stores;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

// The run of a training in the tracking store.
public sealed partial class StartWmsTrainingCommand
{
    // A stop waits for the store no longer than this.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The store that records the training: the http(s) address of an MLflow server, or a database as sqlite:///PATH or PATH.db. If a
    /// server does not respond, the run is recorded in the local store, and Sync-WmsRun sends it later.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "MLFLOW_TRACKING_URI, tracking.uri of wms.yaml, or the nearest mlflow.db")]
    [ValidateNotNullOrEmpty]
    public string? TrackingUri { get; set; }

    /// <summary>The experiment of the run; it is created if there is none.</summary>
    [Parameter]
    [PSDefaultValue(Help = "MLFLOW_EXPERIMENT_NAME, tracking.experiment of wms.yaml, or water-meter-segmentation")]
    [ValidateNotNullOrEmpty]
    public string? Experiment { get; set; }

    /// <summary>The name of the run. With -Attempts, the number of the attempt is appended.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the name of its folder")]
    [ValidateNotNullOrEmpty]
    public string? RunName { get; set; }

    /// <summary>Does not record the training.</summary>
    [Parameter]
    public SwitchParameter NoTracking { get; set; }

    /// <summary>The parameters of the recording, for the command that continues a stopped training.</summary>
    private string RecordingArguments =>
        (TrackingUri is null ? "" : $" -TrackingUri {Quoted(MlflowSettings.WithoutCredentials(TrackingUri))}") +
        (Experiment is null ? "" : $" -Experiment {Quoted(Experiment)}") +
        (RunName is null ? "" : $" -RunName {Quoted(RunName)}") +
        (NoTracking ? " -NoTracking" : "");

    /// <summary>Chooses where the training is recorded; null with -NoTracking. False after an error.</summary>
    private bool TryRecording(out RunRecorderOptions? recording)
    {
        recording = null;
        if (NoTracking)
        {
            if (Array.Find([nameof(TrackingUri), nameof(Experiment), nameof(RunName)], IsGiven) is not { } given) return true;
            return FailSetting(new SettingsException(given, $"-{given} and -NoTracking cannot be combined. Omit one of them."));
        }

        if (!TryTracking(TrackingUri, out var tracking, warnOfFile: false)) return false;
        try
        {
            string experiment = Experiment ?? tracking.Experiment;
            TrackingLimits.CheckExperimentName(experiment);
            if (RunName is not null) TrackingLimits.CheckRunName(RunName);
            recording = new RunRecorderOptions
            {
                Open = tracking.Open,
                Address = TrackingStores.AddressOf(tracking.Place, Environment.GetEnvironmentVariable),
                OpenLocal = tracking.Place.IsServer ? tracking.OpenLocal : null,
                Experiment = experiment,
                RunName = RunName,
            };
            return true;
        }
        catch (TrackingException e)
        {
            return FailSetting(e);
        }
    }

    /// <summary>Trains, and records it.</summary>
    private static IReadOnlyList<TrainingResult> Record(
        RunRecorderOptions? recording,
        PipelineWorker worker,
        TrainingReporter reporter,
        ITrainingObserver observer,
        Func<ITrainingObserver, IReadOnlyList<TrainingResult>> train)
    {
        if (recording is null) return train(observer);
        using var recorder = new RunRecorder(observer, recording);
        IReadOnlyList<TrainingResult> results;
        try
        {
            results = train(recorder);
        }
        catch (Exception e)
        {
            Abort(recorder, e is OperationCanceledException ? RunStatus.Killed : RunStatus.Failed);
            throw;
        }

        worker.Report("Training", $"recording the run in {recording.Address}");
        var runs = recorder.Complete(results, worker.Stopping);
        foreach (var run in runs.Where(r => r.RunId is not null)) reporter.Information(Describe(run, recording));
        return [.. results.Select(result => WithRun(result, runs.FirstOrDefault(r => r.OutputPath == result.OutputPath)))];
    }

    private static void Abort(RunRecorder recorder, RunStatus status)
    {
        try
        {
            recorder.Abort(status, LongestFarewell);
        }
        catch (OperationCanceledException)
        {
            // A stopped pipeline takes no warnings.
        }
    }

    private static string Describe(RecordedRun run, RunRecorderOptions recording) =>
        run.IsWaiting ? $"run '{run.Name}' is in {run.StoreAddress} and waits for {recording.Address}: send it with Sync-WmsRun"
        : run.Page is { } page ? $"run '{run.Name}' at {page}"
        : $"run '{run.Name}' ({run.RunId}) in {run.StoreAddress}";

    private static TrainingResult WithRun(TrainingResult result, RecordedRun? run) => run?.RunId is null
        ? result
        : result with { RunName = run.Name, RunId = run.RunId, TrackingUri = run.StoreAddress, RunUrl = run.Page };
}
