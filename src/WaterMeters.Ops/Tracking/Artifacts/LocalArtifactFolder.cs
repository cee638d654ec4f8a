using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Tracking.Artifacts;

/// <summary>Artifacts in a folder of this machine.</summary>
/// <param name="folder">Absolute path; it need not exist.</param>
internal sealed class LocalArtifactFolder(string folder) : IArtifactFolder
{
    /// <inheritdoc/>
    public string Address => folder;

    /// <inheritdoc/>
    public string? LocalPath => folder;

    /// <inheritdoc/>
    public IReadOnlyList<Artifact> List(string path, CancellationToken cancellation)
    {
        string start = PathOf(ArtifactPath.CheckFolder(path));
        return Guarded(start, () =>
        {
            if (!Directory.Exists(start)) return [];
            var files = new List<Artifact>();
            foreach (var file in new DirectoryInfo(start).EnumerateFiles("*", SearchOption.AllDirectories))
            {
                cancellation.ThrowIfCancellationRequested();
                if (OrphanedFiles.IsTemporary(file.Name)) continue; // another process writes it now, or was killed while it did
                string relative = Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
                files.Add(new Artifact(relative, file.Length));
            }

            return files.OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        });
    }

    /// <inheritdoc/>
    public void Upload(string file, string path, CancellationToken cancellation)
    {
        string target = PathOf(ArtifactPath.CheckFile(path));
        Guarded(target, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = Read(file);
            AtomicFile.Write(target, stream => Copy(source, stream, cancellation));
            return true;
        });
    }

    /// <inheritdoc/>
    public Stream Open(string path, CancellationToken cancellation)
    {
        string source = PathOf(ArtifactPath.CheckFile(path));
        try
        {
            return Guarded(source, () => Read(source));
        }
        catch (TrackingException e) when (e.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ArtifactPath.NotFound(path, folder, e.InnerException);
        }
    }

    /// <inheritdoc/>
    public void Download(string path, string file, CancellationToken cancellation)
    {
        using var source = Open(path, cancellation);
        Guarded(file, () =>
        {
            AtomicFile.Write(file, stream => Copy(source, stream, cancellation));
            return true;
        });
    }

    /// <summary>Copies a stream, and looks at the token between two pieces.</summary>
    internal static void Copy(Stream source, Stream target, CancellationToken cancellation)
    {
        byte[] buffer = new byte[1 << 20];
        while (source.Read(buffer) is > 0 and int count)
        {
            cancellation.ThrowIfCancellationRequested();
            target.Write(buffer, 0, count);
        }
    }

    /// <summary>Turns errors of the file system into <see cref="TrackingFault.Refused"/> with a next step.</summary>
    internal static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new TrackingException(
                TrackingFault.Refused,
                path,
                $"Cannot use '{path}': {e.Sentence()} Check the path, its permissions and the free disk space.",
                e);
        }
    }

    private static FileStream Read(string file) =>
        HeldFile.OpenRead(file, FileOptions.SequentialScan);

    private string PathOf(string path) => path.Length == 0 ? folder : Path.Combine([folder, .. path.Split('/')]);
}
