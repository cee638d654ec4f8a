using System.Diagnostics;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Git.Pushes;

/// <summary>
/// What a push needs while it is judged: a folder in .git, private refs, and a lock, so that only one push of a repository is judged at a
/// time. What a killed one left is removed by the next.
/// </summary>
internal sealed class PushWorkspace : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Look = TimeSpan.FromMilliseconds(500);

    private readonly GitRepository repository;
    private readonly FileLock held;

    private PushWorkspace(GitRepository repository, FileLock held, string folder) =>
        (this.repository, this.held, Folder) = (repository, held, folder);

    /// <summary>An empty folder.</summary>
    public string Folder { get; }

    /// <summary>Waits for another push of this repository, and opens the workspace.</summary>
    /// <exception cref="PushRefusedException">Another push takes too long, or nothing can be written.</exception>
    public static PushWorkspace Open(GitRepository repository, CancellationToken cancellation)
    {
        try
        {
            string own = repository.OwnFolder();
            long started = Stopwatch.GetTimestamp();
            FileLock? held;
            while ((held = FileLock.Take(Path.Combine(own, "push.lock"), Look)) is null)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Stopwatch.GetElapsedTime(started) > Patience)
                {
                    throw new PushRefusedException(
                        "Another push of this repository is being checked. Wait until it ends, and push again.");
                }
            }

            try
            {
                var workspace = new PushWorkspace(repository, held, Path.Combine(own, "push"));
                workspace.Clear();
                Directory.CreateDirectory(workspace.Folder);
                return workspace;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PushRefusedException(
                $"The push cannot be checked: {e.Sentence()} Check the permissions and the disk of '{repository}'.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Clear();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GitException)
        {
            // The next push removes it.
        }

        held.Dispose();
    }

    private void Clear()
    {
        if (Directory.Exists(Folder))
        {
            // git writes objects read-only, which Windows does not delete.
            if (OperatingSystem.IsWindows())
            {
                foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
                {
                    File.SetAttributes(file, FileAttributes.Normal);
                }
            }

            Directory.Delete(Folder, recursive: true);
        }

        PushRemote.RemovePrivateRefs(repository);
    }
}
