namespace WaterMeters.Ml.Training;

/// <summary>A run whose checkpoint has been read, so that it can be resumed.</summary>
public sealed class ResumableRun
{
    private readonly string path;
    private readonly (DateTime Time, long Length) stamp;

    private ResumableRun(string path)
    {
        // The stamp first: a checkpoint that is replaced while it is read counts as changed.
        (this.path, stamp) = (path, Stamp(path));
        Checkpoint = Checkpoint.Read(path);
    }

    /// <summary>The options of the run, with stages, precision and device chosen.</summary>
    public TrainingOptions Options => Checkpoint.State.Options!;

    /// <summary>The checkpoint.</summary>
    internal Checkpoint Checkpoint { get; }

    /// <summary>Reads the checkpoint of the run in a folder; null when there is none.</summary>
    /// <exception cref="ModelException">The checkpoint is damaged.</exception>
    public static ResumableRun? Open(string outputPath)
    {
        string path = RunFolder.CheckpointIn(outputPath);
        return File.Exists(path) ? new ResumableRun(path) : null;
    }

    /// <summary>This run, read again when another process has written its checkpoint since.</summary>
    /// <exception cref="ModelException">The checkpoint is damaged or gone.</exception>
    internal ResumableRun Refresh() => Stamp(path) == stamp ? this : new ResumableRun(path);

    private static (DateTime Time, long Length) Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
