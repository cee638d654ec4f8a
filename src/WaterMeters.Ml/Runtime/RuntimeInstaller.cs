using System.Diagnostics;
using System.Globalization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Installs libtorch into a folder. It is unpacked next to that folder and then moved into place, so the folder is always complete or
/// absent, however the installation ends.
/// </summary>
public static class RuntimeInstaller
{
    private const string Suffix = ".tmp";

    /// <summary>The default folder for libtorch: the user's cache, by version and platform.</summary>
    public static string DefaultDestination => LibTorchLocator.UserCache;

    /// <summary>Returns the libtorch that this machine would load now, or null.</summary>
    public static RuntimeInstallation? Present() => LibTorchLocator.Find(out _) is { } folder ? Installed(folder) : null;

    /// <summary>Returns whether libtorch is searched for in this folder.</summary>
    public static bool IsSearched(string folder)
    {
        LibTorchLocator.Find(out var searched);
        return searched.Contains(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), SystemPaths.Comparer);
    }

    /// <summary>Returns the installation in a folder, or null.</summary>
    public static RuntimeInstallation? Installed(string folder)
    {
        if (!LibTorchLocator.ContainsLibTorch(folder)) return null;
        var record = InstallationRecord.Read(folder) ?? new InstallationRecord(LibTorchLocator.Version, RuntimePlatform.Rid, "", "");
        var files = new DirectoryInfo(folder).EnumerateFiles().Where(f => f.Name != InstallationRecord.FileName).ToList();
        return Result(folder, record, files.Count, files.Sum(f => f.Length)) with
        {
            Status = RuntimeInstallationStatus.AlreadyThere,
        };
    }

    /// <summary>Checks that an installation may replace the content of this folder.</summary>
    /// <exception cref="RuntimeInstallationException">It contains files that no installation put there.</exception>
    public static void RequireReplaceable(string destination)
    {
        if (!Path.Exists(destination)) return;
        bool replaceable = Directory.Exists(destination)
            && (!Directory.EnumerateFileSystemEntries(destination).Any()
                || InstallationRecord.Read(destination) is not null
                || SystemPaths.Comparer.Equals(Path.GetFullPath(destination), DefaultDestination));
        if (replaceable) return;
        throw new RuntimeInstallationException(RuntimeInstallationFault.DestinationInUse, destination,
            $"'{destination}' contains files that Install-WmsRuntime did not put there, and it replaces whole folders. " +
            "Choose a new folder with -OutputPath.");
    }

    /// <summary>Installs libtorch.</summary>
    /// <param name="source">The files to install.</param>
    /// <param name="destination">The folder to install into.</param>
    /// <param name="report">Called with the progress of unpacking.</param>
    /// <param name="stop">Cancels the installation.</param>
    /// <exception cref="RuntimeInstallationException">The disk is full, the destination is in use or has other files, or the source is
    /// damaged.</exception>
    public static RuntimeInstallation Install(
        RuntimeSource source, string destination, Action<TransferProgress> report, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        destination = Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination));
        RequireReplaceable(destination);
        RemoveAbandoned(destination);
        DiskSpace.Require(destination, source.Bytes);
        string staging = StagingPath(destination, "new"), replaced = StagingPath(destination, "old");
        try
        {
            Directory.CreateDirectory(staging);
            Unpack(source, staging, report, stop);
            var record = new InstallationRecord(source.Package.Version, source.Package.Platform, source.Name, source.Sha512);
            record.Write(staging);
            stop.ThrowIfCancellationRequested();
            FolderExchange.Swap(staging, destination, replaced, RuntimePlatform.LibraryFile("torch_cpu"));
            return Result(destination, record, source.Files.Count, source.Bytes) with { Duration = Stopwatch.GetElapsedTime(started) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            var (fault, remedy) = DiskSpace.IsFull(e)
                ? (RuntimeInstallationFault.DiskFull, "Free disk space, or choose a folder on another disk with -OutputPath.")
                : (RuntimeInstallationFault.DestinationInUse, "Close the sessions that have loaded it, or choose another folder with " +
                    "-OutputPath.");
            throw new RuntimeInstallationException(fault, destination,
                $"Cannot install libtorch into '{destination}': {e.Sentence()} {remedy}", e);
        }
        finally
        {
            Remove(staging);
            if (LibTorchLocator.ContainsLibTorch(destination)) Remove(replaced);
        }
    }

    private static void Unpack(RuntimeSource source, string folder, Action<TransferProgress> report, CancellationToken stop)
    {
        byte[] buffer = new byte[1 << 20];
        long done = 0;
        foreach (var file in source.Files)
        {
            using var from = file.Open();
            using var to = new FileStream(Path.Combine(folder, file.Name), FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
            long length = 0;
            while (from.Read(buffer) is > 0 and int count)
            {
                stop.ThrowIfCancellationRequested();
                to.Write(buffer, 0, count);
                (length, done) = (length + count, done + count);
                report(new("Unpacking libtorch " + source.Package.Version, done, source.Bytes));
            }

            if (length != file.Length) throw new InvalidDataException($"'{file.Name}' has {length} bytes; {file.Length} were expected.");
            to.Flush(flushToDisk: true);
        }
    }

    // Of its own for each installation: what this process could not remove after the last one may still be in use.
    private static string StagingPath(string destination, string role) =>
        $"{destination}.{role}-{Guid.NewGuid().ToString("n")[..8]}-{Environment.ProcessId}{Suffix}";

    /// <summary>Removes the folders that killed installations left.</summary>
    private static void RemoveAbandoned(string destination)
    {
        string parent = Path.GetDirectoryName(destination) ?? destination;
        if (!Directory.Exists(parent)) return;
        string prefix = destination + '.';
        foreach (string folder in Directory.GetDirectories(parent))
        {
            bool isStaging = folder.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                && folder.EndsWith(Suffix, StringComparison.Ordinal);
            if (!isStaging) continue;
            string id = folder[(folder.LastIndexOf('-') + 1)..^Suffix.Length];
            if (int.TryParse(id, CultureInfo.InvariantCulture, out int process) && !IsRunning(process)) Remove(folder);
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A library in it is loaded by some process, and Windows keeps it; the next installation tries again.
        }
    }

    private static RuntimeInstallation Result(string folder, InstallationRecord record, int files, long bytes) => new()
    {
        Path = folder,
        Version = record.Version,
        Platform = record.Platform,
        Source = record.Source,
        Sha512 = record.Sha512,
        Files = files,
        Bytes = bytes,
        Megabytes = Megabytes.FromBytes(bytes),
    };
}
