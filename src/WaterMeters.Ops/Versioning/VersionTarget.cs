using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning;

/// <summary>A file or folder with its .dvc file, which may not exist yet.</summary>
internal sealed class VersionTarget
{
    private VersionTarget(string path, string dvcPath, DvcFile? file, DvcOutput? output) =>
        (Path, DvcPath, File, Output) = (path, dvcPath, file, output);

    /// <summary>Absolute path of the file or folder.</summary>
    public string Path { get; }

    /// <summary>Absolute path of the .dvc file.</summary>
    public string DvcPath { get; }

    /// <summary>The .dvc file; null if there is none.</summary>
    public DvcFile? File { get; }

    /// <summary>What it says; null if there is none.</summary>
    public DvcOutput? Output { get; }

    /// <summary>Its published object; null if there is none.</summary>
    public ObjectId? Published => Output?.Id;

    /// <summary>Returns the targets of a path: the file or folder itself, or all that a .dvc file names.</summary>
    public static IEnumerable<VersionTarget> Of(string path)
    {
        path = System.IO.Path.GetFullPath(path); // one kind of separator, as in the paths that a .dvc file names
        if (!path.EndsWith(DvcFile.Extension, StringComparison.Ordinal) || !System.IO.File.Exists(path))
        {
            yield return Of(path, DvcFile.PathFor(path));
            yield break;
        }

        var file = DvcFile.Read(path);
        foreach (var output in file.Outputs) yield return new(output.Path, path, file, output);
    }

    /// <summary>Returns a target as it was in a revision.</summary>
    public VersionTarget At(string revision)
    {
        string source = $"{DvcPath} ({revision})";
        var file = DvcFile.Parse(DvcPath, GitRevision.ReadText(revision, DvcPath), source);
        return new(Path, DvcPath, file, file.Find(Path) ?? throw VersionErrors.NotFound(source,
            $"'{source}' does not name '{Path}'. Name a revision in which it was published."));
    }

    /// <summary>Returns the published object.</summary>
    /// <exception cref="DatasetVersionException"><see cref="DatasetVersionFault.NotFound"/>: there is none.</exception>
    public ObjectId Required() => Published ?? throw VersionErrors.NotFound(Path,
        $"'{Path}' was never published: there is no '{DvcPath}' with its version. Publish it with Publish-WmsDataset, or check the path.");

    private static VersionTarget Of(string path, string dvcPath)
    {
        if (!System.IO.File.Exists(dvcPath)) return new(path, dvcPath, null, null);
        var file = DvcFile.Read(dvcPath);
        return new(path, dvcPath, file, file.Find(path) ?? throw VersionErrors.Unusable(dvcPath,
            $"'{dvcPath}' names other files, but not '{path}'. Correct its path, or delete it if it is not needed."));
    }
}
