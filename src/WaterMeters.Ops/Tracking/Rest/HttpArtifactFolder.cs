using System.Net.Http.Headers;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Http;
using WaterMeters.Ops.Tracking.Artifacts;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>Artifacts that the MLflow server keeps itself and hands out: <c>mlflow-artifacts:</c>.</summary>
/// <param name="server">The server.</param>
/// <param name="root">Path of the folder on the server; may be empty.</param>
internal sealed class HttpArtifactFolder(MlflowConnection server, string root) : IArtifactFolder
{
    private const string Api = "api/2.0/mlflow-artifacts/artifacts";
    private const int DeepestFolder = 64;

    /// <inheritdoc/>
    public string Address => $"mlflow-artifacts:/{root}";

    /// <inheritdoc/>
    public string? LocalPath => null;

    /// <inheritdoc/>
    public IReadOnlyList<Artifact> List(string path, CancellationToken cancellation)
    {
        var found = new List<Artifact>();
        Collect(ArtifactPath.CheckFolder(path), found, DeepestFolder, cancellation);
        return [.. found.OrderBy(artifact => artifact.Path, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Upload(string file, string path, CancellationToken cancellation)
    {
        var address = AddressOf(ArtifactPath.CheckFile(path));
        if (!File.Exists(file))
        {
            throw new TrackingException(TrackingFault.Refused, file, $"Cannot read '{file}': it does not exist. Check the path.");
        }

        // Sent again as a whole: the server keeps the last file.
        LocalArtifactFolder.Guarded(file, () => server.Repeat(
            _ =>
            {
                var body = () => new FileUpload(file, MediaType.Of(path));
                server.Send(HttpMethod.Put, address, path, body, range: null, cancellation).Dispose();
                return true;
            },
            cancellation));
    }

    /// <inheritdoc/>
    public Stream Open(string path, CancellationToken cancellation)
    {
        long? size = SizeOf(ArtifactPath.CheckFile(path), cancellation);
        var response = server.Repeat(_ => Request(path, 0, cancellation), cancellation);
        return new MeasuredStream(response.Content.ReadAsStream(cancellation), size, path, response);
    }

    /// <inheritdoc/>
    public void Download(string path, string file, CancellationToken cancellation)
    {
        long? size = SizeOf(ArtifactPath.CheckFile(path), cancellation);
        LocalArtifactFolder.Guarded(file, () =>
        {
            AtomicFile.Write(file, stream => Receive(path, size, stream, cancellation));
            return true;
        });
    }

    private void Receive(string path, long? size, Stream stream, CancellationToken cancellation)
    {
        var download = new ResumingDownload
        {
            Options = new DownloadOptions { Attempts = server.Settings.Retries + 1, RetryDelay = server.Settings.RetryDelay },
            Open = (from, token) => Part(path, from, token),
            Read = (body, buffer, token) => server.Http.Read(body, buffer, token),
            Expected = size,
        };
        try
        {
            download.Fill(stream, cancellation);
        }
        catch (InterruptedDownloadException e)
        {
            throw ArtifactSize.Interrupted(path, e);
        }

        ArtifactSize.Check(path, stream.Length, size);
    }

    private FilePart Part(string path, long from, CancellationToken stop)
    {
        try
        {
            return FilePart.Of(Request(path, from, stop), from);
        }
        catch (FailedAttemptException e) when (e.MayRepeat)
        {
            if (e.Wait is { } wait)
            {
                stop.WaitHandle.WaitOne(wait);
                stop.ThrowIfCancellationRequested();
            }

            return FilePart.Failed(e.Message);
        }
        catch (FailedAttemptException e)
        {
            throw e.Error;
        }
    }

    private HttpResponseMessage Request(string path, long from, CancellationToken stop)
    {
        try
        {
            var range = from > 0 ? new RangeHeaderValue(from, null) : null;
            return server.Send(HttpMethod.Get, AddressOf(path), path, () => null, range, stop);
        }
        catch (FailedAttemptException e) when (e.Error.Fault is TrackingFault.NotFound or TrackingFault.Damaged)
        {
            throw new FailedAttemptException(ArtifactPath.NotFound(path, Address, e.Error));
        }
    }

    /// <summary>The size that the server's list says; null if it says none.</summary>
    private long? SizeOf(string path, CancellationToken cancellation) =>
        Entries(ArtifactPath.FolderOf(path), cancellation).Where(entry => entry.Path == path && !entry.IsFolder).ToList() is [var found, ..]
            ? found.Size
            : throw ArtifactPath.NotFound(path, Address);

    private void Collect(string folder, List<Artifact> found, int depth, CancellationToken cancellation)
    {
        if (depth == 0) throw Damaged(folder);
        foreach (var (path, isFolder, size) in Entries(folder, cancellation))
        {
            if (isFolder) Collect(path, found, depth - 1, cancellation);
            else found.Add(new Artifact(path, size));
        }
    }

    private IEnumerable<(string Path, bool IsFolder, long? Size)> Entries(string folder, CancellationToken cancellation)
    {
        string path = ArtifactPath.Join(root, folder);
        var answer = server.Call(new MlflowRequest(HttpMethod.Get, "", folder.Length > 0 ? folder : Address)
        {
            Address = new Uri(server.Address, path.Length > 0 ? $"{Api}?path={Uri.EscapeDataString(path)}" : Api),
        }, cancellation);
        foreach (var entry in answer.Objects("files"))
        {
            string name = ArtifactPath.Join(folder, entry.Text("path"));
            if (!ArtifactPath.IsInside(name)) throw Damaged(name);
            yield return (name, entry["is_dir"]?.ToString() == "true", entry.WholeOrNull("file_size"));
        }
    }

    private Uri AddressOf(string path)
    {
        var names = ArtifactPath.Join(root, path).Split('/').Select(Uri.EscapeDataString);
        return new Uri(server.Address, $"{Api}/{string.Join('/', names)}");
    }

    private TrackingException Damaged(string path) => new(
        TrackingFault.Damaged,
        path,
        $"The MLflow server lists the artifact '{path}' in '{Address}', which this system cannot store. Rename it.");
}
