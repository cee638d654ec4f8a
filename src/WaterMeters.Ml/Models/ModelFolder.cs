namespace WaterMeters.Ml.Models;

/// <summary>A folder that stands for a model: that of a run, or one of MLflow.</summary>
internal static class ModelFolder
{
    private const string FileName = "model", Checkpoint = "checkpoint.safetensors", Attempts = "attempt-*";

    /// <summary>Returns the model file of a folder.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="extensions">The extensions of model files, in the order of preference.</param>
    /// <exception cref="ModelException">It has none; the message says what it has instead.</exception>
    public static string ModelFileIn(string folder, IEnumerable<string> extensions) =>
        MlflowFolder.ModelFileIn(folder) ?? RunModelIn(folder, extensions) ?? throw new ModelException(folder, Refusal(folder, extensions));

    private static string? RunModelIn(string folder, IEnumerable<string> extensions) =>
        extensions.Select(e => Path.Combine(folder, FileName + e)).FirstOrDefault(File.Exists);

    private static string Refusal(string folder, IEnumerable<string> extensions)
    {
        if (File.Exists(Path.Combine(folder, Checkpoint)))
        {
            return $"The run in '{folder}' has no model yet. Continue it with Start-WmsTraining -OutputPath '{folder}' -Resume.";
        }

        string? attempt = Attempted(folder).Order(StringComparer.Ordinal).FirstOrDefault(a => RunModelIn(a, extensions) is not null);
        return attempt is not null
            ? $"'{folder}' contains several attempts of a training. Pass the folder of one, such as '{attempt}'."
            : $"'{folder}' is a folder, but neither that of a run nor a model folder of MLflow. Pass a model file in it.";
    }

    private static IEnumerable<string> Attempted(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder, Attempts);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
