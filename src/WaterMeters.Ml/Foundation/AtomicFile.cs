namespace WaterMeters.Ml.Foundation;

/// <summary>Writes a file completely or not at all: to a temporary file in the same folder, which is then moved over the target.</summary>
internal static class AtomicFile
{
    private static int files;

    /// <summary>
    /// Calls <paramref name="write"/> with a temporary file and moves it over <paramref name="path"/>; deletes it when anything fails.
    /// The content is flushed to disk before the old file is replaced. Temporary files that a killed process left for the same target are
    /// deleted too.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        OrphanedFiles.InFolderContaining(path).Remove(path);
        Replace(path, overwrite: true, (stream, fill) =>
        {
            fill(stream);
            stream.Flush(flushToDisk: true);
        }, write);
    }

    /// <summary>
    /// Writes a file without flushing it to disk, for files written by the thousand. The caller removes orphaned files, once per folder.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written, or exists and may not be replaced.</exception>
    public static void WriteUnflushed(string path, ReadOnlySpan<byte> content, bool overwrite = true) =>
        Replace(path, overwrite, (stream, bytes) => stream.Write(bytes), content);

    /// <summary>
    /// Writes a file that others depend on: it is flushed to disk and checked before it gets its name. The caller removes orphaned files,
    /// once per folder.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="check">Reads the temporary file back and throws when its content is wrong.</param>
    /// <exception cref="IOException">The file cannot be written, or exists and may not be replaced.</exception>
    public static void WriteChecked(string path, ReadOnlySpan<byte> content, bool overwrite, Action<string> check) =>
        Replace(path, overwrite, (stream, bytes) =>
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }, content, check);

    /// <summary>Writes text in UTF-8 without a byte order mark, completely or not at all.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void Replace<T>(string path, bool overwrite, Action<FileStream, T> write, T content, Action<string>? check = null)
        where T : allows ref struct
    {
        RegularFile.Require(path);
        string temporary = OrphanedFiles.TemporaryPath(path, Interlocked.Increment(ref files));
        try
        {
            // Locked while it is written, so other processes can tell that it is not orphaned.
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None)) write(stream, content);
            check?.Invoke(temporary);
            HeldFile.Move(temporary, path, overwrite);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    private static void Delete(string temporary)
    {
        try
        {
            HeldFile.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The error being reported is the useful one.
        }
    }
}
