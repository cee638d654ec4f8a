using System.Diagnostics;
using System.Globalization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Puts libtorch into a folder. It is unpacked beside that folder and then moved over it, so that the folder is there
/// as a whole or not at all, however the installation ends.
/// </summary>
public static class RuntimeInstaller
{
    private const string Suffix = ".tmp";

    /// <summary>Where libtorch goes when nobody says otherwise: the user's own cache, by version and platform.</summary>
    public static string DefaultDestination => LibTorchLocator.UserCache;

    /// <summary>The libtorch that this machine would load now, or null.</summary>
    public static RuntimeInstallation? Present() => LibTorchLocator.Find(out _) is { } folder ? Installed(folder) : null;

    /// <summary>Whether the engine looks into this folder by itself, whatever <see cref="LibTorchLocator.PathVariable"/> says.</summary>
    public static bool IsSearched(string folder)
    {
        LibTorchLocator.Find(out var asked);
        return asked.Contains(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    }

    /// <summary>What is installed in a folder, or null.</summary>
    public static RuntimeInstallation? Installed(string folder)
    {
        if (!LibTorchLocator.Holds(folder)) return null;
        var note = InstallationRecord.Read(folder);
        var files = new DirectoryInfo(folder).EnumerateFiles().Where(f => f.Name != InstallationRecord.FileName).ToList();
        return Record(folder, note ?? new InstallationRecord(LibTorchLocator.Version, RuntimePlatform.Rid, "", ""), files.Count, files.Sum(f => f.Length)) with
        {
            Status = RuntimeInstallationStatus.AlreadyThere,
        };
    }

    /// <summary>Makes sure that an installation into this folder may replace what is there.</summary>
    /// <exception cref="RuntimeInstallationException">It holds something that no installation put there.</exception>
    public static void DemandReplaceable(string destination)
    {
        bool free = !Path.Exists(destination)
            || (Directory.Exists(destination) && (!Directory.EnumerateFileSystemEntries(destination).Any() || InstallationRecord.Read(destination) is not null))
            || (Directory.Exists(destination) && Path.GetFullPath(destination) == DefaultDestination);
        if (!free) throw new RuntimeInstallationException(RuntimeInstallationFault.DestinationInUse, destination, $"'{destination}' holds files that Install-WmsRuntime did not put there, and it replaces whole folders. Name a new folder with -Path.");
    }

    /// <summary>Installs.</summary>
    /// <exception cref="RuntimeInstallationException">The disk is full, the destination holds something else or is in use, or the source breaks.</exception>
    public static RuntimeInstallation Install(RuntimeSource source, string destination, Action<TransferProgress> report, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        destination = Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination));
        DemandReplaceable(destination);
        RemoveAbandoned(destination);
        DiskSpace.Demand(destination, source.Bytes);
        string staging = Beside(destination, "new"), replaced = Beside(destination, "old");
        try
        {
            Directory.CreateDirectory(staging);
            Unpack(source, staging, report, stop);
            var note = new InstallationRecord(source.Package.Version, source.Package.Platform, source.Name, source.Sha512);
            note.Write(staging);
            stop.ThrowIfCancellationRequested();
            MoveOver(staging, destination, replaced);
            return Record(destination, note, source.Files.Count, source.Bytes) with { Duration = Stopwatch.GetElapsedTime(started) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            if (DiskSpace.IsFull(e)) throw new RuntimeInstallationException(RuntimeInstallationFault.DiskFull, destination, $"libtorch could not be put into '{destination}': {e.Sentence()} Make room, or name a folder on another disk with -Path.", e);
            throw new RuntimeInstallationException(RuntimeInstallationFault.DestinationInUse, destination, $"libtorch could not be put into '{destination}': {e.Sentence()} Close the sessions that have loaded it, or name another folder with -Path.", e);
        }
        finally
        {
            Remove(staging);
            Remove(replaced);
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

            if (length != file.Length) throw new InvalidDataException($"{file.Name} has {length} bytes of {file.Length}.");
            to.Flush(flushToDisk: true);
        }
    }

    private static void MoveOver(string staging, string destination, string replaced)
    {
        if (!Directory.Exists(destination))
        {
            Directory.Move(staging, destination);
            return;
        }

        Directory.Move(destination, replaced);
        try
        {
            Directory.Move(staging, destination);
        }
        catch
        {
            Directory.Move(replaced, destination);
            throw;
        }
    }

    private static string Beside(string destination, string role) => $"{destination}.{role}-{Environment.ProcessId}{Suffix}";

    /// <summary>Removes what installations that were killed have left.</summary>
    private static void RemoveAbandoned(string destination)
    {
        string parent = Path.GetDirectoryName(destination) ?? destination;
        if (!Directory.Exists(parent)) return;
        foreach (string folder in Directory.GetDirectories(parent, Path.GetFileName(destination) + ".*-*" + Suffix))
        {
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
            // A library of it is loaded somewhere, on Windows; the next installation tries again.
        }
    }

    private static RuntimeInstallation Record(string folder, InstallationRecord note, int files, long bytes) => new()
    {
        Path = folder,
        Version = note.Version,
        Platform = note.Platform,
        Source = note.Source,
        Sha512 = note.Sha512,
        Files = files,
        Bytes = bytes,
        Megabytes = Megabytes.FromBytes(bytes),
    };
}
