using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>
/// The lock that DVC takes: <c>.dvc/tmp/lock</c>, locked as long as its holder lives, and <c>.dvc/tmp/rwlock</c>, a list of the paths that
/// processes work on. Entries of processes that ended are removed, as DVC does.
/// </summary>
internal sealed class RepositoryLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream file;

    private RepositoryLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock, and waits for another holder as long as DVC does.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="paths">The files and folders that are worked on.</param>
    /// <param name="stop">Stops the waiting.</param>
    /// <param name="patience">How long to wait; null: 3 s.</param>
    /// <exception cref="DatasetVersionException"><see cref="DatasetVersionFault.Locked"/>: another process holds it.</exception>
    public static RepositoryLock Take(
        DvcRepository repository, IReadOnlyCollection<string> paths, CancellationToken stop, TimeSpan? patience = null)
    {
        if (repository.Config.IsTrue("core", "hardlink_lock"))
        {
            throw VersionErrors.Unusable(repository.Config.Path,
                "core.hardlink_lock is true, a lock for network drives that is not supported. Set it to false, and use one machine at a "
                    + "time.");
        }

        string path = Path.Combine(repository.CreateTemporaryFolder(), "lock");
        for (long started = Stopwatch.GetTimestamp(); ;)
        {
            if (TryTake(path) is { } taken)
            {
                try
                {
                    RequireFree(repository, paths);
                    return new RepositoryLock(taken);
                }
                catch
                {
                    taken.Dispose();
                    throw;
                }
            }

            if (Stopwatch.GetElapsedTime(started) > (patience ?? Patience)) throw Locked(path, HolderOf(path));
            stop.WaitHandle.WaitOne(Pause);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static FileStream? TryTake(string path)
    {
        // DVC locks the whole file with flock, which FileShare.None does outside of Windows, and its first byte on Windows.
        FileStream? file = null;
        try
        {
            bool isWindows = OperatingSystem.IsWindows();
            file = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, isWindows ? FileShare.ReadWrite : FileShare.None, bufferSize: 1);
            if (isWindows) file.Lock(0, 1);
            byte[] text = System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($" {Environment.ProcessId}\n"));
            file.SetLength(0);
            file.Write(text);
            file.Flush();
            return file;
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            file?.Dispose();
            return null;
        }
    }

    private static string HolderOf(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path,
                new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete }));
            return int.TryParse(reader.ReadToEnd(), out int process)
                ? FormattableString.Invariant($"process {process}") : "another process";
        }
        catch (Exception e) when (VersionErrors.IsOfFiles(e))
        {
            return "another process"; // the holder's lock keeps readers out
        }
    }

    private static void RequireFree(DvcRepository repository, IReadOnlyCollection<string> paths)
    {
        string file = Path.Combine(repository.TemporaryFolder, "rwlock");
        if (!File.Exists(file)) return;
        JsonObject locks;
        try
        {
            string text = VersionErrors.ReadText(file);
            if (text.Trim().Length == 0) return;
            locks = JsonNode.Parse(text) as JsonObject ?? throw new JsonException("It is not an object.");
        }
        catch (JsonException e)
        {
            throw VersionErrors.Unusable(file, $"'{file}' is damaged: {e.Message.Split('.')[0]}. Delete it if no DVC is running.", e);
        }

        bool isChanged = false;
        foreach (string mode in (string[])["read", "write"])
        {
            if (locks[mode] is not JsonObject held) continue;
            foreach (var (path, node) in held.ToArray())
            {
                JsonNode?[] holders = node is JsonArray list ? [.. list] : [node];
                JsonNode?[] living = [.. holders.Where(IsAlive)];
                if (living.Length > 0 && paths.Any(p => Overlaps(p, path)))
                {
                    throw Locked(path, $"process {living[0]!["pid"]} ({living[0]!["cmd"]})");
                }

                if (living.Length == holders.Length) continue;
                isChanged = true;
                held.Remove(path);
                if (living.Length > 0) held[path] = new JsonArray([.. living.Select(h => h!.DeepClone())]);
            }

            if (held.Count == 0) locks.Remove(mode);
        }

        if (isChanged) AtomicFile.WriteText(file, locks.ToJsonString());
    }

    private static bool IsAlive(JsonNode? holder)
    {
        if (holder?["pid"] is not JsonValue value || !value.TryGetValue(out int process)) return false;
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Overlaps(string path, string other)
    {
        string one = Path.TrimEndingDirectorySeparator(path), two = Path.TrimEndingDirectorySeparator(other);
        return SystemPaths.Comparer.Equals(one, two) || IsBelow(one, two) || IsBelow(two, one);
    }

    private static bool IsBelow(string path, string folder)
    {
        string key = SystemPaths.Key(path), start = SystemPaths.Key(folder);
        return key.Length > start.Length && key.StartsWith(start, StringComparison.Ordinal) && key[start.Length] is ('/' or '\\');
    }

    private static DatasetVersionException Locked(string path, string holder) => new(
        DatasetVersionFault.Locked, path,
        $"'{path}' is locked by {holder}: DVC or this module is working in the repository. Wait until it ends, and try again.");
}
