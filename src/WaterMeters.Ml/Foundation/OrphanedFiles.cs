using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace WaterMeters.Ml.Foundation;

/// <summary>
/// What processes that were killed between writing a file beside its name and moving it over left in a folder. Such a file is
/// called <c>.NAME.PROCESS-NUMBER.tmp</c> after the file it should have become.
/// </summary>
internal sealed partial class OrphanedFiles
{
    /// <summary>A file system's names have 255 bytes or UTF-16 units; the rest of the name wants some of them.</summary>
    private const int LongestName = 200;

    // A folder may have been written on a system that does not tell names apart by case.
    private readonly ILookup<string, string> byName;

    private OrphanedFiles(IEnumerable<(string Name, string File)> found) =>
        byName = found.ToLookup(f => f.Name, f => f.File, StringComparer.OrdinalIgnoreCase);

    /// <summary>The orphans in the folder of a file, listed now; none where the folder cannot be read.</summary>
    public static OrphanedFiles InFolderContaining(string path)
    {
        try
        {
            return new(from file in Directory.GetFiles(Folder(path), ".*.tmp")
                       let name = Pattern.Match(Path.GetFileName(file))
                       where name.Success && !Lives(name.Groups["process"].Value)
                       select (name.Groups["name"].Value, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Writing there says so better.
            return new([]);
        }
    }

    /// <summary>Removes what is left of this file.</summary>
    public void Remove(string path)
    {
        foreach (string file in byName[Name(path)])
        {
            try
            {
                // Locked and removed in one: a file that someone else writes, on another machine even, is open there and stays.
                using var orphan = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone already, or still wanted.
            }
        }
    }

    /// <summary>The file to write before it is moved over <paramref name="path"/>.</summary>
    /// <param name="path">The file it will become.</param>
    /// <param name="number">Another one each time in this process.</param>
    public static string NameBeside(string path, int number) =>
        Path.Combine(Folder(path), string.Create(CultureInfo.InvariantCulture, $".{Name(path)}.{Environment.ProcessId}-{number}.tmp"));

    [GeneratedRegex(@"^\.(?<name>.+)\.(?<process>[0-9]{1,9})-[0-9]+\.tmp$")]
    private static partial Regex Pattern { get; }

    private static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;

    /// <summary>The file's name, or a digest of one so long that nothing can be added to it.</summary>
    private static string Name(string path)
    {
        string name = Path.GetFileName(path);
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        return bytes.Length <= LongestName ? name : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.ToUpperInvariant())).AsSpan(0, 8));
    }

    private static bool Lives(string process)
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
