using WaterMeters.Ml.Training;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.PowerShell.Commands.Training;

// What is said after Ctrl+C.
public sealed partial class StartWmsTrainingCommand
{
    /// <summary>Returns what to say after a stop: the command that continues, or that nothing was kept.</summary>
    private string StoppedLine(string folder, string output)
    {
        bool canResume = HasSeveralAttempts
            ? Enumerable.Range(1, Math.Max(1, Attempts)).Any(i => TrainingAttempts.HasCheckpoint(output, i))
            : TrainingAttempts.HasCheckpoint(output);
        if (!canResume) return "Stopped before the first epoch ended, so there is nothing to resume. The same command starts again.";
        string command = "Start-WmsTraining" + (string.IsNullOrEmpty(DataPath) ? "" : $" {Quoted(DataPath)}") +
            $" -OutputPath {Quoted(folder)}" +
            (SplitPath is null ? "" : $" -SplitPath {Quoted(SplitPath)}") +
            (HasSeveralAttempts ? FormattableString.Invariant($" -Attempts {Attempts}") : "") +
            RecordingArguments + PromotionArguments;
        return $"Stopped. To continue after the last finished epoch: {command} -Resume";
    }

    /// <summary>Returns the command that attaches to the job on the machine.</summary>
    private string AttachCommand(string output)
    {
        string[] names = [nameof(InstanceId), nameof(BucketName), nameof(Region), nameof(ProfileName), nameof(EndpointUrl)];
        string?[] values = [InstanceId, BucketName, Region, ProfileName, EndpointUrl];
        return "Start-WmsTraining" + (string.IsNullOrEmpty(DataPath) ? "" : $" {Quoted(DataPath)}") +
            $" -OutputPath {Quoted(output)} -Remote -Resume -RunId {Quoted(jobId!)}" +
            (SplitPath is null ? "" : $" -SplitPath {Quoted(SplitPath)}") +
            string.Concat(names.Zip(values).Where(one => one.Second is not null).Select(
                one => $" -{one.First} {Quoted(MlflowSettings.WithoutCredentials(one.Second!))}")) +
            RecordingArguments + PromotionArguments;
    }

    private string PromotionArguments =>
        (Promote ? " -Promote" : "") +
        (Baseline is null ? "" : $" -Baseline {Quoted(Baseline)}") +
        (MinimumDice is { } minimum ? FormattableString.Invariant($" -MinimumDice {minimum}") : "");

    private static string Quoted(string path) =>
        path.All(c => char.IsLetterOrDigit(c) || c is '.' or '/' or '\\' or '_' or '-' or ':')
            ? path
            : $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
