using System.Management.Automation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Jobs;
using WaterMeters.Ops.Machines;
using WaterMeters.Ops.Tracking.Runs;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

// -Remote: the training runs on the machine.
public sealed partial class StartWmsTrainingCommand
{
    // It is the name of a folder and part of the name of a unit on the machine.
    private const string JobName = @"^[A-Za-z0-9_][A-Za-z0-9._~@+-]{0,99}\z";

    private const string JobNameRule =
        "is not the name of a job. Use up to 100 letters and digits; after the first, also the characters ._~@+-.";

    private static readonly string[] RemoteParameters =
    [
        nameof(Detach), nameof(RunId), nameof(For), nameof(InstanceId), nameof(BucketName), nameof(Region), nameof(ProfileName),
        nameof(EndpointUrl),
    ];

    private string? jobId, cache;

    /// <summary>
    /// Trains on the machine of Start-WmsInfrastructure, on the published version of the data set, and downloads the run. The machine is
    /// started for it, and powers off after it.
    /// </summary>
    [Parameter]
    public SwitchParameter Remote { get; set; }

    /// <summary>With -Remote: returns when the job has been started. Get its result with -Resume.</summary>
    [Parameter]
    public SwitchParameter Detach { get; set; }

    /// <summary>With -Remote: the job. With -Resume, its settings apply, and not those of the other parameters.</summary>
    [Parameter]
    [PSDefaultValue(Help = "user and computer, or the GitHub run, with a digest of settings and data")]
    [TextForm(JobName, JobNameRule)]
    public string? RunId { get; set; }

    /// <summary>With -Remote: how long the training may take at most, as 12h, 90m, or a time span. The machine then powers off.</summary>
    [Parameter]
    [PSDefaultValue(Help = "12h")]
    [Duration]
    public TimeSpan For { get; set; } = TimeSpan.FromHours(12);

    /// <summary>With -Remote: identifier of the instance.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the instance with the tag wms:machine")]
    [ValidateNotNullOrEmpty]
    public string? InstanceId { get; set; }

    /// <summary>With -Remote: the bucket of the machine.</summary>
    [Parameter]
    [PSDefaultValue(Help = "aws.bucket of wms.yaml")]
    [ValidateNotNullOrEmpty]
    public string? BucketName { get; set; }

    /// <summary>With -Remote: the AWS region.</summary>
    [Parameter]
    [PSDefaultValue(Help = "AWS_REGION, Set-DefaultAWSRegion, aws.region of wms.yaml, or that of the profile")]
    [ValidateNotNullOrEmpty]
    public string? Region { get; set; }

    /// <summary>With -Remote: the profile with the credentials.</summary>
    [Parameter]
    [PSDefaultValue(Help = "AWS_PROFILE, AWS_ACCESS_KEY_ID, Set-AWSCredential, or the default profile")]
    [Alias("AWSProfileName", "StoredCredentials")]
    [ValidateNotNullOrEmpty]
    public string? ProfileName { get; set; }

    /// <summary>With -Remote: the http(s) address of a service with AWS's interface.</summary>
    [Parameter]
    [PSDefaultValue(Help = "AWS_ENDPOINT_URL, or Amazon's own services")]
    [ValidateNotNullOrEmpty]
    public string? EndpointUrl { get; set; }

    /// <summary>The machine itself uses it: runs the job of -Remote with this identifier, in -OutputPath.</summary>
    [Parameter(DontShow = true)]
    [TextForm(JobName, JobNameRule)]
    public string? JobId { get; set; }

    /// <summary>Fails if a parameter of -Remote is given without it.</summary>
    private void CheckRemoteParameters()
    {
        if (Remote || Array.Find(RemoteParameters, IsGiven) is not { } given) return;
        ThrowTerminatingError(WmsErrors.From(new SettingsException(
            given, $"-{given} is for trainings on the machine. Add -Remote, or omit -{given}.")));
    }

    /// <summary>Runs a job: what the machine does.</summary>
    private void RunJob(string id)
    {
        if (!TryMachine(out var settings)) return;
        string folder = ResolvePath(OutputPath ?? id);
        if (!ShouldProcess(id, "Run the job")) return;
        RunOnWorker(worker =>
        {
            using var session = new MachineSession(settings);
            new JobRunner(session, id, folder).Run(new TrainingReporter(this, worker), worker.Stopping);
        });
    }

    private bool TryMachine(out AwsSettings settings)
    {
        bool found = TryAws(
            new AwsRequest { ProfileName = ProfileName, Region = Region, EndpointUrl = EndpointUrl, BucketName = BucketName },
            out var read);
        settings = read!;
        cache = UserFolder.Cache(Location); // here: a worker does not know the location
        return found;
    }

    private RemoteTrainingOptions RemoteOptions(TrainingOptions options, string? projectRemote) => new()
    {
        Options = Resume && RunId is not null ? null : options,
        Attempts = Attempts,
        RunId = RunId,
        InstanceId = InstanceId,
        For = For,
        DataPath = options.DataPath,
        SplitPath = options.SplitPath,
        OutputPath = options.OutputPath,
        Force = Force,
        Detach = Detach,
        ProjectRemote = projectRemote,
    };

    /// <summary>Reports the job, the machine and what it costs, and the forecast if the photos are here too; for -WhatIf.</summary>
    private void PreviewRemote(
        RemoteTrainingOptions options, AwsSettings settings, PipelineWorker worker, TrainingReporter reporter)
    {
        using var session = new MachineSession(settings, cache: cache);
        var training = new RemoteTraining(session, options, reporter, Environment.GetEnvironmentVariable, worker.Stopping);
        reporter.Information(training.Describe(worker.Stopping));
        if (options.Options is { } given && System.IO.Directory.Exists(given.DataPath)) Preview(given, null, reporter, worker.Stopping);
    }

    /// <summary>Trains on the machine, then records the run as one of this computer.</summary>
    private IReadOnlyList<TrainingResult> TrainRemotely(
        RemoteTrainingOptions options,
        AwsSettings settings,
        RunRecorderOptions? recording,
        PipelineWorker worker,
        TrainingReporter reporter)
    {
        using var session = new MachineSession(settings, cache: cache);
        var training = new RemoteTraining(session, options, reporter, Environment.GetEnvironmentVariable, worker.Stopping);
        jobId = training.Run.Id;
        var results = training.Train(Reporter(worker, "Training on the machine"), worker.Stopping);
        if (results.Count == 0)
        {
            reporter.Information($"The job '{jobId}' goes on without this computer. To get its run: {AttachCommand(options.OutputPath)}");
            return results;
        }

        return Record(recording, worker, reporter, new QuietObserver(reporter), observer =>
        {
            training.Replay(observer);
            return results;
        });
    }

    /// <summary>Passes on warnings only: the rest was shown when it happened.</summary>
    private sealed class QuietObserver(TrainingReporter reporter) : ITrainingObserver
    {
        public void StepEnded(TrainingProgress progress)
        {
        }

        public void EpochEnded(EpochRecord epoch)
        {
        }

        public void Verbose(string message)
        {
        }

        public void Information(string message)
        {
        }

        public void Warn(string message) => reporter.Warn(message);
    }
}
