using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets;

/// <summary>
/// Writes, copies and removes the files of a data set one by one, each said before it is done. What a killed process left beside a file
/// goes when that file is written or found.
/// </summary>
/// <param name="tell">Hears each thing before it is done.</param>
internal sealed class SafeFileWriter(Action<string>? tell)
{
    private readonly Dictionary<string, OrphanedFiles> orphans = new(StringComparer.Ordinal);

    /// <summary>Says what is done next.</summary>
    public void Tell(string what) => tell?.Invoke(what);

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="PhotoException">It cannot be read.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>Whether a file is there and holds just these bytes.</summary>
    public static bool Holds(string path, ReadOnlySpan<byte> content) => File.Exists(path) && FileHash.Compute(path) == FileHash.ComputeBytes(content);

    /// <summary>Copies a file; one that is there and holds the same is left as it is.</summary>
    /// <exception cref="DatasetException">It cannot be written, or is there with other content.</exception>
    public void Copy(string path, byte[] content)
    {
        string hash = FileHash.ComputeBytes(content);
        Write(path, content, overwrite: false, beside =>
        {
            if (FileHash.Compute(beside) != hash) throw new IOException("What was written reads back as something else.");
        });
    }

    /// <summary>Writes a file that was compared before it has its name; one that is there and holds the same is left as it is.</summary>
    /// <exception cref="DatasetException">It cannot be written, or is there with other content and may not be replaced.</exception>
    public void Write(string path, byte[] content, bool overwrite, Action<string> compare)
    {
        string name = Path.GetFileName(path);
        try
        {
            Tidy(path);
            if (Holds(path, content)) return;
            Tell($"{name}: writing {path}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.WriteChecked(path, content, overwrite, beside =>
            {
                Tell($"{name}: comparing");
                compare(beside);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"'{path}' cannot be written: {e.Sentence()} Make room or mend the permissions, and run it again; it goes on from there.", e);
        }
    }

    /// <summary>Makes a folder that is not there.</summary>
    /// <exception cref="DatasetException">It cannot be made.</exception>
    public static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"The folder '{path}' cannot be made: {e.Sentence()} Mend the permissions, or name another folder.", e);
        }
    }

    /// <summary>Removes a file.</summary>
    /// <exception cref="DatasetException">It cannot be removed.</exception>
    public void Remove(string path)
    {
        try
        {
            Tell($"{Path.GetFileName(path)}: removing {path}");
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"'{path}' cannot be removed: {e.Sentence()} Close what uses it, and run it again; it goes on from there.", e);
        }
    }

    /// <summary>Removes what killed processes left beside a file; the folder is listed once.</summary>
    public void Tidy(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (!orphans.TryGetValue(folder, out var found)) orphans.Add(folder, found = OrphanedFiles.InFolderContaining(path));
        found.Remove(path);
    }
}
