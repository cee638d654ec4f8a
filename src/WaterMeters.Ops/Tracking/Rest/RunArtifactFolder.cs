using WaterMeters.Ops.Tracking.Artifacts;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>
/// The artifacts of a run, with the models that MLflow 3 logged in it: it keeps them elsewhere, and shows each as a folder of its name.
/// </summary>
/// <param name="run">The artifacts of the run itself.</param>
/// <param name="models">Finds the folders of the logged models by name.</param>
internal sealed class RunArtifactFolder(IArtifactFolder run, Func<CancellationToken, IReadOnlyDictionary<string, IArtifactFolder>> models)
    : IArtifactFolder
{
    /// <inheritdoc/>
    public string Address => run.Address;

    /// <inheritdoc/>
    public string? LocalPath => run.LocalPath;

    /// <inheritdoc/>
    public IReadOnlyList<Artifact> List(string path, CancellationToken cancellation)
    {
        string folder = ArtifactPath.CheckFolder(path);
        var found = run.List(folder, cancellation).ToDictionary(artifact => artifact.Path, StringComparer.Ordinal);
        foreach (var (name, model) in models(cancellation))
        {
            if (folder.Length > 0 && folder != name && !folder.StartsWith(name + "/", StringComparison.Ordinal)) continue;
            string below = folder.Length > name.Length ? folder[(name.Length + 1)..] : "";
            foreach (var artifact in model.List(below, cancellation))
            {
                string full = ArtifactPath.Join(name, artifact.Path);
                found.TryAdd(full, artifact with { Path = full });
            }
        }

        return [.. found.Values.OrderBy(artifact => artifact.Path, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Upload(string file, string path, CancellationToken cancellation) => run.Upload(file, path, cancellation);

    /// <inheritdoc/>
    public Stream Open(string path, CancellationToken cancellation) =>
        Use(path, (folder, below) => folder.Open(below, cancellation), cancellation);

    /// <inheritdoc/>
    public void Download(string path, string file, CancellationToken cancellation) =>
        Use(path, (folder, below) =>
        {
            folder.Download(below, file, cancellation);
            return true;
        }, cancellation);

    private T Use<T>(string path, Func<IArtifactFolder, string, T> use, CancellationToken cancellation)
    {
        try
        {
            return use(run, path);
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.NotFound)
        {
            int end = path.IndexOf('/', StringComparison.Ordinal);
            if (end > 0 && models(cancellation).TryGetValue(path[..end], out var model)) return use(model, path[(end + 1)..]);
            throw;
        }
    }
}
