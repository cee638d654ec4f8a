using WaterMeters.Ml.Settings;
using WaterMeters.Ops.Tracking.Artifacts;
using WaterMeters.Ops.Tracking.Rest;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tracking.Stores;

/// <summary>Chooses and opens the store of runs and models. Every cmdlet that uses one gets it here.</summary>
public static class TrackingStores
{
    /// <summary>The experiment and the model, if nobody names others.</summary>
    public const string DefaultName = "water-meter-segmentation";

    /// <summary>The environment variable that names the store, MLflow's own.</summary>
    public const string UriName = "MLFLOW_TRACKING_URI";

    /// <summary>The environment variable that names the experiment, MLflow's own.</summary>
    public const string ExperimentName = "MLFLOW_EXPERIMENT_NAME";

    /// <summary>
    /// Chooses the store: the parameter, the environment variable, <c>tracking.uri</c> of wms.yaml, and else the nearest mlflow.db from the
    /// location upward, within the project: not above a folder with a wms.yaml or a .git. If there is none, it will be beside the wms.yaml,
    /// or in the location.
    /// </summary>
    /// <param name="parameter">Value of the parameter; null if it was not given.</param>
    /// <param name="settings">Settings of the project.</param>
    /// <param name="location">Absolute path of the session's location.</param>
    /// <param name="variable">Returns the value of an environment variable, or null.</param>
    /// <exception cref="TrackingException"><see cref="TrackingFault.UnsupportedAddress"/>.</exception>
    public static TrackingPlace Find(string? parameter, TrackingSettings settings, string location, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(variable);
        string? environment = variable(UriName) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
        var chosen = new (string? Address, string Source, string Folder)[]
        {
            (parameter is null ? null : WithCredentials(parameter.Trim(), environment, settings.Uri), "-TrackingUri", location),
            (environment, UriName, location),
            (settings.Uri?.Trim(), "tracking.uri", settings.Folder ?? location),
        }.Where(c => c.Address is not null).ToList();
        if (chosen.Count == 0 || IsServer(chosen[0].Address!))
        {
            // What a server does not take goes into the database that would be used without it.
            var database = chosen.FirstOrDefault(c => IsFile(c.Address!) || SqliteAddress.IsOne(c.Address!));
            string local = database.Address is { } other ? PathOf(other, database.Folder) : DefaultDatabase(location, settings.Folder);
            return chosen.Count == 0
                ? new TrackingPlace(SqliteAddress.Of(local), local)
                : new TrackingPlace(chosen[0].Address!, local) { IsServer = true, Source = chosen[0].Source };
        }

        string path = PathOf(chosen[0].Address!, chosen[0].Folder);
        return new TrackingPlace(SqliteAddress.Of(path), path) { Source = chosen[0].Source };
    }

    /// <summary>Returns the address of a store as runs and records state it: without credentials.</summary>
    /// <exception cref="TrackingException">The address, or a setting of MLflow for servers, is not valid.</exception>
    public static string AddressOf(TrackingPlace place, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.IsServer ? MlflowSettings.Read(place.Address, variable).Address.ToString().TrimEnd('/') : place.Address;
    }

    /// <summary>Opens a store. A database is created by the first call that writes.</summary>
    /// <exception cref="TrackingException">
    /// <see cref="TrackingFault.UnsupportedAddress"/>; <see cref="TrackingFault.InvalidValue"/>.
    /// </exception>
    public static ITrackingStore Open(TrackingPlace place, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.IsServer ? new RestTrackingStore(MlflowSettings.Read(place.Address, variable)) : OpenLocal(place);
    }

    /// <summary>Opens the local store, also where a server is chosen.</summary>
    public static ITrackingStore OpenLocal(TrackingPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return new SqliteTrackingStore(place.DatabasePath);
    }

    /// <summary>Whether an address is the path of a database, as a person writes it, and not one with a scheme.</summary>
    public static bool IsFile(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return !address.Contains("://", StringComparison.Ordinal) && !SqliteAddress.IsOne(address) &&
            Path.GetExtension(address.Trim()).Equals(".db", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsServer(string address) =>
        address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ||
        address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    // A file is meant as what it is; anything else is an address, or an error that says how to write one.
    private static string PathOf(string address, string folder)
    {
        if (IsFile(address)) return Path.GetFullPath(address, folder);
        if (LocalAddress.PathOf(address) is { Length: > 0 } path && !path.Contains('\0', StringComparison.Ordinal)
            && Path.GetFullPath(path, folder) is var store && FolderStore.IsOne(store))
        {
            string database = Path.GetFullPath(Path.Combine("..", SqliteAddress.DefaultFile), store);
            throw FolderStore.Refusal(store, SqliteAddress.Of(database));
        }

        // MLflow's servers have addresses of databases with a password in them.
        return SqliteAddress.PathOf(MlflowSettings.WithoutCredentials(address), folder);
    }

    /// <summary>
    /// Records state addresses without credentials. The address of one that comes down the pipeline gets back those of the same server
    /// in the environment or the settings.
    /// </summary>
    private static string WithCredentials(string address, params string?[] known)
    {
        string Plain(string text) => MlflowSettings.WithoutCredentials(text.Trim()).TrimEnd('/');
        return known.FirstOrDefault(k => k is not null && Plain(k) == address.Trim().TrimEnd('/')) ?? address;
    }

    private static string DefaultDatabase(string location, string? project)
    {
        for (string? at = location; at is not null; at = Path.GetDirectoryName(at))
        {
            string path = Path.Combine(at, SqliteAddress.DefaultFile);
            if (File.Exists(path)) return path;
            if (at == project || Path.Exists(Path.Combine(at, ".git"))) break;
        }

        return Path.Combine(project ?? location, SqliteAddress.DefaultFile);
    }
}
