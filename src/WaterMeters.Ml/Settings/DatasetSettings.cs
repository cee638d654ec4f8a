using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Settings;

/// <summary>The section <c>dataset</c> of a wms.yaml: the project's data set, for cmdlets that are given none.</summary>
/// <param name="DataPath">Absolute path of the data set; null when the file names none.</param>
/// <param name="SplitPath">Absolute path of the split file; null when the file names none.</param>
/// <param name="FilePath">The settings file; null for none.</param>
public sealed record DatasetSettings(string? DataPath, string? SplitPath, string? FilePath = null)
{
    private const string PathKey = "path", SplitKey = "split";

    /// <summary>The settings of a project that names no data set.</summary>
    public static DatasetSettings None { get; } = new(null, null);

    /// <summary>Reads the section.</summary>
    /// <param name="file">The file, or null for none.</param>
    /// <param name="warn">Called with a warning for each unknown key.</param>
    /// <exception cref="SettingsException">
    /// A path is empty or not valid, or a file that is read strictly has an unknown key.
    /// </exception>
    public static DatasetSettings Read(SettingsFile? file, Action<string> warn)
    {
        string? data = null, split = null;
        foreach (var (key, value) in file?.Part("dataset") ?? [])
        {
            if (key == PathKey) data = Resolve(file!, key, value);
            else if (key == SplitKey) split = Resolve(file!, key, value);
            else file!.ReportUnknown("dataset", key, [PathKey, SplitKey], warn);
        }

        return new DatasetSettings(data, split, file?.Path);
    }

    /// <summary>Returns the split file for a data set: that of the project, unless the project names another data set.</summary>
    /// <param name="dataPath">Absolute path of the data set in use.</param>
    public string? SplitPathFor(string dataPath) => DataPath is null || IsSame(DataPath, dataPath) ? SplitPath : null;

    /// <summary>Creates the error for a data set that does not exist.</summary>
    public SettingsException MissingFolder() => new(
        FilePath ?? "",
        $"The data set '{DataPath}' does not exist; dataset.{PathKey} in '{FilePath}' names it. "
            + "Correct the path, or name another data set.",
        new DirectoryNotFoundException());

    private static bool IsSame(string one, string two) => SystemPaths.Comparer.Equals(
        Path.TrimEndingDirectorySeparator(one),
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(two)));

    /// <summary>A path in the file is relative to the folder of the file.</summary>
    private static string Resolve(SettingsFile file, string key, string value)
    {
        try
        {
            if (value.Length > 0)
            {
                return Path.TrimEndingDirectorySeparator(Path.GetFullPath(value, Path.GetDirectoryName(file.Path)!));
            }
        }
        catch (ArgumentException)
        {
            // Reported below, with what to do.
        }

        throw new SettingsException(
            file.Path, $"Invalid value '{value}' for dataset.{key} in '{file.Path}'. Write a path, relative to the folder of this file.");
    }
}
