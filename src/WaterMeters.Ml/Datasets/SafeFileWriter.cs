using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets;

/// <summary>
/// Writes, copies and removes the files of a data set one by one, and announces each step. Temporary files of a killed process are removed
/// when their file is written or found.
/// </summary>
/// <param name="verbose">Called before each step.</param>
internal sealed class SafeFileWriter(Action<string>? verbose)
{
    private readonly Dictionary<string, OrphanedFiles> orphans = new(StringComparer.Ordinal);

    /// <summary>Announces the next step.</summary>
    public void Announce(string step) => verbose?.Invoke(step);

    /// <summary>Reads all bytes of a file.</summary>
    /// <exception cref="PhotoException">The file cannot be read.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return HeldFile.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>Returns whether a file exists and has exactly this content.</summary>
    public static bool HasContent(string path, ReadOnlySpan<byte> content) =>
        File.Exists(path) && FileHash.Compute(path) == FileHash.ComputeBytes(content);

    /// <summary>Copies a file. An existing file with the same content stays unchanged.</summary>
    /// <exception cref="DatasetException">The file cannot be written, or exists with other content.</exception>
    public void Copy(string path, byte[] content)
    {
        string hash = FileHash.ComputeBytes(content);
        Write(path, content, overwrite: false, temporary =>
        {
            if (FileHash.Compute(temporary) != hash) throw new IOException("The written file differs when read back.");
        });
    }

    /// <summary>
    /// Writes a temporary file, compares it, and gives it its name. An existing file with the same content stays unchanged.
    /// </summary>
    /// <exception cref="DatasetException">The file cannot be written, or exists with other content and must not be replaced.</exception>
    public void Write(string path, byte[] content, bool overwrite, Action<string> compare)
    {
        string name = Path.GetFileName(path);
        try
        {
            RemoveOrphans(path);
            if (HasContent(path, content)) return;
            Announce($"{name}: writing {path}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.WriteChecked(path, content, overwrite, temporary =>
            {
                Announce($"{name}: comparing");
                compare(temporary);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                path,
                $"Cannot write '{path}': {e.Sentence()} "
                    + "Check free space and permissions, then run the command again to continue.",
                e);
        }
    }

    /// <summary>Creates a folder if it does not exist.</summary>
    /// <exception cref="DatasetException">The folder cannot be created.</exception>
    public static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                path, $"Cannot create the folder '{path}': {e.Sentence()} Check the permissions, or choose another folder.", e);
        }
    }

    /// <summary>Removes a file.</summary>
    /// <exception cref="DatasetException">The file cannot be removed.</exception>
    public void Remove(string path)
    {
        try
        {
            Announce($"{Path.GetFileName(path)}: removing {path}");
            HeldFile.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                path, $"Cannot remove '{path}': {e.Sentence()} Close the program that uses it, then run the command again to continue.", e);
        }
    }

    /// <summary>Removes temporary files that killed processes left for this file. Each folder is listed once.</summary>
    public void RemoveOrphans(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (!orphans.TryGetValue(folder, out var found)) orphans.Add(folder, found = OrphanedFiles.InFolderContaining(path));
        found.Remove(path);
    }
}
