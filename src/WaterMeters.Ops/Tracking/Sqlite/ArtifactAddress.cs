using System.Globalization;
using WaterMeters.Ops.Tracking.Artifacts;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>Addresses of artifacts in a database, and where they are when the database was moved.</summary>
/// <remarks>
/// MLflow writes absolute addresses, which are wrong on another machine or drive. We write <c>mlruns/EXPERIMENT/RUN/artifacts</c>,
/// relative to the folder of the database, in which MLflow is started too.
/// </remarks>
internal static class ArtifactAddress
{
    private const string Root = "mlruns";

    // EXPERIMENT/RUN/artifacts: fewer names could lead to another folder.
    private const int FewestNames = 3;

    /// <summary>The address of an experiment's artifacts.</summary>
    public static string OfExperiment(long id) => string.Create(CultureInfo.InvariantCulture, $"{Root}/{id}");

    /// <summary>The address of a new experiment's artifacts: beside those of experiment 0 if they are on this machine.</summary>
    public static string OfNewExperiment(long id, string? ofDefault)
    {
        bool beside = ofDefault is not null && ofDefault.EndsWith("/0", StringComparison.Ordinal) && !WasMoved(ofDefault)
            && LocalAddress.PathOf(ofDefault) is not null;
        return beside ? string.Create(CultureInfo.InvariantCulture, $"{ofDefault![..^1]}{id}") : OfExperiment(id);
    }

    /// <summary>The address of a new run's artifacts.</summary>
    public static string OfNewRun(Experiment experiment, string runId)
    {
        string address = experiment.ArtifactAddress.TrimEnd('/');
        if (address.Length == 0 || WasMoved(address))
        {
            address = OfExperiment(long.Parse(experiment.Id, CultureInfo.InvariantCulture));
        }

        return $"{address}/{runId}/artifacts";
    }

    /// <summary>Returns the absolute path of artifacts; null if the address is not one of a file system.</summary>
    public static string? PathOf(string address, string database)
    {
        if (LocalAddress.PathOf(address) is not { } path) return null;
        string folder = Path.GetDirectoryName(database)!;
        if (!LocalAddress.IsAbsolute(path)) return Path.GetFullPath(path, folder);
        if (!LocalAddress.IsForeign(path) && Path.Exists(path)) return Path.GetFullPath(path);

        string[] names = LocalAddress.NamesOf(path);
        for (int first = 1; first <= names.Length - FewestNames; first++)
        {
            string beside = Path.Combine([folder, .. names[first..]]);
            if (Path.Exists(beside)) return beside;
        }

        // Neither place has it yet: it belongs beside the database if the folder of the store is no longer there.
        int root = Array.LastIndexOf(names, Root);
        return root >= 0 && WasMoved(address) ? Path.Combine([folder, .. names[root..]]) : path;
    }

    /// <summary>Whether an address leads to a store that is elsewhere now: the folder that had <c>mlruns</c> does not exist.</summary>
    private static bool WasMoved(string address)
    {
        if (LocalAddress.PathOf(address) is not { } path || !LocalAddress.IsAbsolute(path)) return false;
        if (LocalAddress.IsForeign(path)) return true;
        if (Path.Exists(path)) return false;
        string full = Path.GetFullPath(path);
        for (string? folder = full; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == Root) return !Directory.Exists(Path.GetDirectoryName(folder));
        }

        // An artifact folder of another name is created with the first run, so the folder around it must be gone too.
        string? parent = Path.GetDirectoryName(full);
        return !Directory.Exists(parent) && !Directory.Exists(Path.GetDirectoryName(parent));
    }
}
