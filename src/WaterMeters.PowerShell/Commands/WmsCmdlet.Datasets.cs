using WaterMeters.Ml.Settings;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

// The project's data set, from the section dataset of the nearest wms.yaml.
public abstract partial class WmsCmdlet
{
    private DatasetSettings? project;

    /// <summary>
    /// Returns the absolute path of -DataPath or else of the project's data set; false after a failure, see <see cref="Fail"/>.
    /// </summary>
    /// <param name="given">The value of the parameter; null or empty when it was not given.</param>
    /// <param name="folder">The folder, which need not exist.</param>
    private protected bool TryDataPath(string? given, out string folder)
    {
        folder = "";
        if (!string.IsNullOrEmpty(given) || IsGiven("DataPath"))
        {
            if (TryResolvePath(given ?? "", out folder, out var error)) return true;
            Fail(error);
            return false;
        }

        if (!TryProject(out var settings)) return false;
        if (settings.DataPath is null)
        {
            Fail(WmsErrors.NoDataset(Location, "DataPath"));
            return false;
        }

        return TryProjectFolder(settings, out folder);
    }

    /// <summary>Returns the project's data set; null when it names none. False after a failure.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="mustExist">Whether a folder that does not exist is a failure.</param>
    private protected bool TryProjectFolder(out string? folder, bool mustExist = true)
    {
        folder = null;
        if (!TryProject(out var settings)) return false;
        if (!mustExist) folder = settings.DataPath;
        if (settings.DataPath is null || !mustExist) return true;
        if (!TryProjectFolder(settings, out string found)) return false;
        folder = found;
        return true;
    }

    /// <summary>Returns the project's split file for a data set, null for none; false after a failure.</summary>
    /// <param name="dataPath">Absolute path of the data set.</param>
    /// <param name="split">The split file, which need not exist.</param>
    private protected bool TryProjectSplit(string dataPath, out string? split)
    {
        split = null;
        if (!TryProject(out var settings)) return false;
        split = settings.SplitPathFor(dataPath);
        return true;
    }

    private bool TryProjectFolder(DatasetSettings settings, out string folder)
    {
        folder = settings.DataPath ?? "";
        if (Directory.Exists(folder)) return true;
        Fail(WmsErrors.From(settings.MissingFolder()));
        return false;
    }

    private bool TryProject(out DatasetSettings settings)
    {
        settings = project ?? DatasetSettings.None;
        if (project is not null) return true;
        try
        {
            // Warnings about other sections are those of the cmdlets that read them.
            settings = project = DatasetSettings.Read(SettingsFile.ReadNearest(Location, _ => { }, DecidesGate), WriteWarning);
            return true;
        }
        catch (SettingsException e)
        {
            Fail(WmsErrors.From(e));
            return false;
        }
    }

    /// <summary>Returns the remote that the project's settings name, null if they name none. False after a failure.</summary>
    private protected bool TryProjectRemote(out string? remote)
    {
        remote = null;
        try
        {
            remote = StorageSettings.Read(NearestSettings(Location, _ => { }), WriteWarning).Remote;
            return true;
        }
        catch (SettingsException e)
        {
            Fail(WmsErrors.From(e));
            return false;
        }
    }
}
