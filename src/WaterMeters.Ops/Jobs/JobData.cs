using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Jobs;

/// <summary>A published version of a data set: what its .dvc files say, and where the remote is.</summary>
internal sealed record JobData
{
    private const string RemoteName = "job";

    /// <summary>Name of the data set's folder.</summary>
    public required string Name { get; init; }

    /// <summary>Texts of the .dvc files by their paths relative to the folder that contains the data set, with <c>/</c>.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Address of the remote in S3.</summary>
    public required string Address { get; init; }

    /// <summary>Address of the S3 service; null: Amazon.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Region of the remote's bucket; null: as every AWS tool finds it.</summary>
    public string? Region { get; init; }

    /// <summary>Reads which version of a data set is here.</summary>
    /// <param name="dataPath">Folder of the data set; its files need not be here.</param>
    /// <param name="projectRemote">Name of the remote in the project's settings; null if they name none.</param>
    /// <param name="region">Region of the remote's bucket where its settings name none.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="DatasetVersionException">It was never published, has changed since, or is not in S3.</exception>
    public static JobData Of(string dataPath, string? projectRemote, string? region, CancellationToken stop)
    {
        dataPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataPath));
        var repository = DvcRepository.Find(dataPath);
        string[] paths = File.Exists(DvcFile.PathFor(dataPath)) ? [dataPath]
            : [Path.Combine(dataPath, "images"), Path.Combine(dataPath, "masks")];
        var targets = VersionTargets.Of(repository, paths);
        foreach (var target in targets) target.Required();
        RequireUnchanged(targets, projectRemote, stop);
        var remote = RemoteSettings.Read(repository.Config, targets[0].Output!.Remote ?? projectRemote);
        if (!remote.IsS3)
        {
            throw new DatasetVersionException(DatasetVersionFault.Unusable, remote.Name,
                $"The remote '{remote.Name}' of '{dataPath}' is the folder '{remote.Address}', which the machine does not reach. Publish "
                + "the data set to a remote in S3 (Publish-WmsDataset -Remote), and name it in storage.remote of wms.yaml.");
        }

        string parent = Path.GetDirectoryName(dataPath)!;
        return new JobData
        {
            Name = Path.GetFileName(dataPath),
            Files = targets.Select(target => target.DvcPath).Distinct().ToDictionary(
                path => Path.GetRelativePath(parent, path).Replace(Path.DirectorySeparatorChar, '/'), File.ReadAllText),
            Address = remote.Address,
            Endpoint = remote.Endpoint,
            Region = remote.Region ?? region,
        };
    }

    /// <summary>Puts the files of the version into a folder, which is a repository of its own.</summary>
    /// <param name="folder">The folder; what it has already is not fetched again.</param>
    /// <param name="warn">Called with a warning.</param>
    /// <param name="stop">Stops the work.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="DatasetVersionException">The version cannot be restored.</exception>
    public string Restore(string folder, Action<string> warn, CancellationToken stop)
    {
        string data = Inside(folder, Name);
        string config = $"[core]\n    remote = {RemoteName}\n['remote \"{RemoteName}\"']\n    url = {Address}\n"
            + (Endpoint is null ? "" : $"    endpointurl = {Endpoint}\n") + (Region is null ? "" : $"    region = {Region}\n");
        Write(Path.Combine(folder, DvcRepository.FolderName, "config"), config);
        foreach (var (name, text) in Files) Write(Inside(folder, name), text);
        new DatasetRestorer(new RestoreOptions
        {
            Paths = [.. Files.Keys.Select(name => Inside(folder, name))],
            Remote = RemoteName,
        })
        { Warn = warn }.Restore(stop);
        return data;
    }

    private static void RequireUnchanged(IReadOnlyList<VersionTarget> targets, string? projectRemote, CancellationToken stop)
    {
        string[] here = [.. targets.Select(target => target.Path).Where(path => Directory.Exists(path) || File.Exists(path))];
        if (here.Length == 0) return;
        var options = new CompareOptions { Paths = here, ProjectRemote = projectRemote };
        if (new DatasetComparer(options).Compare(stop).FirstOrDefault() is not { } change) return;
        throw new DatasetVersionException(DatasetVersionFault.Unusable, change.Path,
            $"'{change.Path}' is not as it was published: '{change.Name}' is {change.Change.ToString().ToLowerInvariant()}. "
            + "Run Publish-WmsDataset first: the machine trains on the published version.");
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.WriteText(path, text);
    }

    /// <summary>The request comes from a bucket: its names stay in the folder.</summary>
    private static string Inside(string folder, string name) => JobFolder.Inside(folder, name)
        ?? throw new DatasetVersionException(DatasetVersionFault.Unusable, name,
            $"'{name}' of the job leads out of its folder. Start the job again from a data set in a folder of its own.");
}
