using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>
/// The folder <c>originals</c> of a data set, where repairs keep the files that they replace. No check reads it, and git ignores it: what a
/// repository holds is in its history anyway.
/// </summary>
public static class OriginalsFolder
{
    /// <summary>The name of the folder, beside images and masks.</summary>
    public const string Name = "originals";

    private const string Ignored = "# Files as they were before Repair-WmsDataset. Delete them when the repaired ones are right.\n*\n";

    /// <summary>Returns the folder of a data set. It may not exist.</summary>
    public static string PathFor(string dataPath) => Path.Combine(dataPath, Name);

    /// <summary>Creates the folder with a <c>.gitignore</c>, if it is the one of the data set and does not exist or is empty.</summary>
    /// <exception cref="DatasetException">It cannot be created.</exception>
    internal static void Prepare(string dataPath, string backupPath)
    {
        if (backupPath != PathFor(dataPath)) return;
        string ignore = Path.Combine(backupPath, ".gitignore");
        try
        {
            // Only files of an interrupted call begin with a dot; a folder with anything else has its file, or is the user's own.
            if (Directory.Exists(backupPath)
                && (File.Exists(ignore) || Directory.EnumerateFileSystemEntries(backupPath).Any(e => Path.GetFileName(e)[0] != '.')))
            {
                return;
            }

            Directory.CreateDirectory(backupPath);
            AtomicFile.WriteText(ignore, Ignored);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                backupPath,
                $"Cannot keep original files in '{backupPath}': {e.Sentence()} "
                    + "Make the folder writable, or choose another one with -BackupPath.",
                e);
        }
    }
}
