using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace WaterMeters.Ml.Foundation;

/// <summary>
/// The temporary files that killed processes left in a folder, see <see cref="AtomicFile"/>. Their names are
/// <c>.NAME.PROCESS-NUMBER.tmp</c>, where NAME is the file they were written for.
/// </summary>
internal sealed partial class OrphanedFiles
{
    /// <summary>File systems allow 255 bytes or UTF-16 units in a name; some are needed for the process, number and extension.</summary>
    private const int MaxNameBytes = 200;

    // The folder may have been written on a system with case-insensitive names.
    private readonly ILookup<string, string> byName;

    private OrphanedFiles(IEnumerable<(string Name, string File)> found) =>
        byName = found.ToLookup(f => f.Name, f => f.File, StringComparer.OrdinalIgnoreCase);

    /// <summary>Lists the orphaned files in the folder of a file; none when the folder cannot be read.</summary>
    public static OrphanedFiles InFolderContaining(string path)
    {
        try
        {
            return new(from file in Directory.GetFiles(Folder(path), "*.tmp")
                       let name = Pattern.Match(Path.GetFileName(file))
                       where name.Success && !IsRunning(name.Groups["process"].Value)
                       select (name.Groups["name"].Value, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Writing to the folder will give a better error.
            return new([]);
        }
    }

    /// <summary>Deletes the orphaned files of this target.</summary>
    public void Remove(string path)
    {
        foreach (string file in byName[Name(path)])
        {
            try
            {
                // Opened exclusively and deleted on close: a file that is still being written, even from another machine, is locked and
                // stays.
                using var orphan = new FileStream(
                    file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Deleted already, or in use.
            }
        }
    }

    /// <summary>Returns the path of the temporary file for <paramref name="path"/>, in the same folder.</summary>
    /// <param name="path">The target file.</param>
    /// <param name="number">A number that is unique in this process.</param>
    public static string TemporaryPath(string path, int number) =>
        Path.Combine(Folder(path), string.Create(CultureInfo.InvariantCulture, $".{Name(path)}.{Environment.ProcessId}-{number}.tmp"));

    /// <summary>Whether a file name is one that <see cref="TemporaryPath"/> gives.</summary>
    public static bool IsTemporary(string name) => Pattern.IsMatch(name);

    [GeneratedRegex(@"^\.(?<name>.+)\.(?<process>[0-9]{1,9})-[0-9]+\.tmp$")]
    private static partial Regex Pattern { get; }

    private static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;

    /// <summary>Returns the file's name, or a digest of it when it is too long to be extended.</summary>
    private static string Name(string path)
    {
        string name = Path.GetFileName(path);
        if (Encoding.UTF8.GetByteCount(name) <= MaxNameBytes) return name;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.ToUpperInvariant())).AsSpan(0, 8));
    }

    private static bool IsRunning(string process)
    {
        try
        {
            using var _ = Process.GetProcessById(int.Parse(process, CultureInfo.InvariantCulture));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
