namespace WaterMeters.Ml.Training;

/// <summary>A run whose checkpoint has been read, so that it can be resumed.</summary>
public sealed class ResumableRun
{
    private ResumableRun(Checkpoint checkpoint) => Checkpoint = checkpoint;

    /// <summary>The options of the run, with stages, precision and device chosen.</summary>
    public TrainingOptions Options => Checkpoint.State.Options!;

    /// <summary>The checkpoint.</summary>
    internal Checkpoint Checkpoint { get; }

    /// <summary>Reads the checkpoint of the run in a folder; null when there is none.</summary>
    /// <exception cref="ModelException">The checkpoint is damaged.</exception>
    public static ResumableRun? Open(string outputPath)
    {
        string path = RunFolder.CheckpointIn(outputPath);
        return File.Exists(path) ? new ResumableRun(Checkpoint.Read(path)) : null;
    }
}
