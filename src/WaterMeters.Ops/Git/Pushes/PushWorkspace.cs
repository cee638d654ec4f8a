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

    private const string LockName = "push.lock", FolderName = "push", BranchesName = "branches";

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
            while ((held = FileLock.Take(Path.Combine(own, LockName), Look)) is null)
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
                var workspace = new PushWorkspace(repository, held, Path.Combine(own, FolderName));
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

    /// <summary>Returns the file with what was read of the data branches of the remote.</summary>
    public static string BranchesFile(string own) => Path.Combine(own, BranchesName);

    /// <summary>Removes what pushes left, unless one is being judged.</summary>
    /// <param name="git">Works in the repository.</param>
    /// <param name="own">The module's own folder in the repository, which exists.</param>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    public static void Remove(GitProcess git, string own)
    {
        using var held = FileLock.Take(Path.Combine(own, LockName), TimeSpan.Zero);
        if (held is null) return;
        Clear(git, Path.Combine(own, FolderName));
        File.Delete(BranchesFile(own));
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

    private void Clear() => Clear(repository.Git, Folder);

    private static void Clear(GitProcess git, string folder)
    {
        if (Directory.Exists(folder))
        {
            // git writes objects read-only, which Windows does not delete.
            if (OperatingSystem.IsWindows())
            {
                foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                {
                    File.SetAttributes(file, FileAttributes.Normal);
                }
            }

            Directory.Delete(folder, recursive: true);
        }

        PushRemote.RemovePrivateRefs(git);
    }
}
