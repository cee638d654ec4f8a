using WaterMeters.Ml.Training;

namespace WaterMeters.Ops.Jobs;

/// <summary>Translates the machine's paths into those of this computer.</summary>
/// <param name="folder">The folder of the job on the machine; empty when it is not known yet.</param>
/// <param name="options">The paths of this computer.</param>
internal sealed class JobPaths(string folder, RemoteTrainingOptions options)
{
    /// <summary>Names in the folder of the job.</summary>
    public const string Data = "data", Output = "output", Split = "split.json";

    private readonly string separator = folder.Contains('\\', StringComparison.Ordinal) ? "\\" : "/";

    /// <summary>Translates the paths of a start.</summary>
    public TrainingStart Local(TrainingStart start) => start with
    {
        Options = start.Options with
        {
            DataPath = options.DataPath,
            OutputPath = Local(start.Options.OutputPath)!,
            SplitPath = Local(start.Options.SplitPath),
        },
        ValidationPhotos = [.. start.ValidationPhotos.Select(path => Local(path)!)],
    };

    /// <summary>Translates the paths of a result.</summary>
    public TrainingResult Local(TrainingResult result) => result with
    {
        DataPath = options.DataPath,
        SplitPath = Local(result.SplitPath),
        OutputPath = Local(result.OutputPath)!,
        ModelPath = Local(result.ModelPath)!,
        CheckpointPath = Local(result.CheckpointPath)!,
        MetricsPath = Local(result.MetricsPath)!,
        EndReason = Text(result.EndReason)!,
    };

    /// <summary>Translates the paths in a message.</summary>
    public string Text(string text)
    {
        if (folder.Length == 0) return text;
        text = text.Replace(In(Output), options.OutputPath, StringComparison.Ordinal);
        if (options.SplitPath is not null) text = text.Replace(In(Split), options.SplitPath, StringComparison.Ordinal);
        return text.Replace(In(Data) + separator + Path.GetFileName(options.DataPath), options.DataPath, StringComparison.Ordinal);
    }

    private string? Local(string? path)
    {
        if (path is null) return null;
        if (path == In(Split)) return options.SplitPath;
        foreach (var (there, here) in new[]
        {
            (In(Output), options.OutputPath), (In(Data) + separator + Path.GetFileName(options.DataPath), options.DataPath),
        })
        {
            if (!path.StartsWith(there, StringComparison.Ordinal)) continue;
            return here + path[there.Length..].Replace(separator, Path.DirectorySeparatorChar.ToString(), StringComparison.Ordinal);
        }

        return path;
    }

    private string In(string name) => folder + separator + name;
}
