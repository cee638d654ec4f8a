namespace WaterMeters.Ops.Tracking;

/// <summary>
/// MLflow's older store: a folder <c>mlruns</c> with a <c>meta.yaml</c> for each experiment. MLflow itself refuses it since 3.x.
/// </summary>
internal static class FolderStore
{
    /// <summary>Whether a folder is such a store.</summary>
    public static bool IsOne(string folder)
    {
        try
        {
            return Directory.Exists(folder)
                && Directory.EnumerateDirectories(folder).Any(experiment => File.Exists(Path.Combine(experiment, "meta.yaml")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // what cannot be read is not a store
        }
    }

    /// <summary>The error that says how to move it into a database.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="database">Address of the database to move it to.</param>
    public static TrackingException Refusal(string folder, string database) => new(
        TrackingFault.UnsupportedAddress,
        folder,
        $"'{folder}' is a folder store, which MLflow no longer supports. Move its runs and models into a database with MLflow 3.10 or "
            + $"later: mlflow migrate-filestore --source \"{folder}\" --target \"{database}\". The folder stays as it is.");
}
