using System.Diagnostics;
using System.Security.Cryptography;

namespace WaterMeters.Ml.Foundation;

/// <summary>
/// A lock between processes and threads, on any machine that sees the folder: an empty file that its holder keeps open, and deletes when
/// it is done. A file that a killed process leaves locks nothing.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int MostLooks = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string path;
    private readonly FileStream file;

    private FileLock(string path, FileStream file) => (this.path, this.file) = (path, file);

    /// <summary>Takes the lock, and waits for another holder; null when it is still taken after <paramref name="patience"/>.</summary>
    /// <exception cref="IOException">The folder does not exist, or nothing can be written there.</exception>
    public static FileLock? Take(string path, TimeSpan patience)
    {
        int withoutFile = 0;
        for (long started = Stopwatch.GetTimestamp(); ; Thread.Sleep(Pause))
        {
            if (TryTake(path, out var refused) is { } taken) return taken;

            // Between two holders there is no file for a moment; without one at every look, it is the folder that refuses.
            withoutFile = refused is null || File.Exists(path) ? 0 : withoutFile + 1;
            if (withoutFile == MostLooks) throw new IOException(refused!.Message, refused);
            if (Stopwatch.GetElapsedTime(started) > patience) return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Outside of Windows the file goes before the lock does, so that no one can take the lock of a file that is deleted next.
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        file.Dispose();
    }

    private static FileLock? TryTake(string path, out Exception? refused)
    {
        refused = null;
        FileStream? file = null;
        try
        {
            var options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, options);
            if (OperatingSystem.IsWindows() || IsAt(file, path)) return new FileLock(path, file);
        }
        catch (Exception e) when ((e is IOException and not DirectoryNotFoundException)
            || (e is UnauthorizedAccessException && OperatingSystem.IsWindows()))
        {
            // Taken; on Windows also while the last holder's file is being deleted.
            refused = e;
        }

        file?.Dispose();
        return null;
    }

    /// <summary>
    /// Returns whether the open file is still the one with this path: the last holder may have deleted it between opening and locking.
    /// </summary>
    private static bool IsAt(FileStream file, string path)
    {
        var mark = DateTime.UnixEpoch.AddSeconds(2 * RandomNumberGenerator.GetInt32(int.MaxValue / 2)); // some file systems count in twos
        File.SetLastWriteTimeUtc(file.SafeFileHandle, mark);
        return File.GetLastWriteTimeUtc(path) == mark;
    }
}
