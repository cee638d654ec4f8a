namespace WaterMeters.Ml.Foundation;

/// <summary>Writes a file as a whole or not at all: beside its name, then moved over it.</summary>
internal static class AtomicFile
{
    private static int files;

    /// <summary>
    /// Calls <paramref name="write"/> with a new file in the same folder and moves that over <paramref name="path"/>; removes it when anything
    /// fails. The content is on the disk before the old file goes, and what a killed process left of the same file goes too.
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

    /// <summary>The same for files written by the thousand: the system decides when they reach the disk, and orphans are the caller's to look for, once a folder.</summary>
    /// <exception cref="IOException">The file cannot be written, or is there already and may not be replaced.</exception>
    public static void WriteOneOfMany(string path, ReadOnlySpan<byte> content, bool overwrite = true) =>
        Replace(path, overwrite, (stream, bytes) => stream.Write(bytes), content);

    /// <summary>
    /// The same for a file that others depend on: it is on the disk and was looked at before it takes its name. Orphans are the caller's to
    /// look for, once a folder.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <param name="check">Reads the file beside its name back, and throws when it is not what was meant.</param>
    /// <exception cref="IOException">The file cannot be written, or is there already and may not be replaced.</exception>
    public static void WriteChecked(string path, ReadOnlySpan<byte> content, bool overwrite, Action<string> check) =>
        Replace(path, overwrite, (stream, bytes) =>
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }, content, check);

    /// <summary>Writes text in UTF-8 without a byte order mark, as a whole or not at all.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Moves a file over another. On Windows a virus scanner or an indexer holds a fresh file open for a moment, and one such moment must
    /// not end a training; so it is tried again there, for about six seconds.
    /// </summary>
    public static void MoveOver(string from, string to, bool overwrite = true)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                File.Move(from, to, overwrite);
                return;
            }
            catch (Exception e) when ((e is IOException or UnauthorizedAccessException) && OperatingSystem.IsWindows() && attempt < 8
                && File.Exists(from) && (overwrite || !File.Exists(to)))
            {
                Thread.Sleep(25 << attempt);
            }
        }
    }

    private static void Replace<T>(string path, bool overwrite, Action<FileStream, T> write, T content, Action<string>? check = null)
        where T : allows ref struct
    {
        string beside = OrphanedFiles.NameBeside(path, Interlocked.Increment(ref files));
        try
        {
            // Locked while it is written: that is how others know it is no orphan.
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None)) write(stream, content);
            check?.Invoke(beside);
            MoveOver(beside, path, overwrite);
        }
        catch
        {
            Remove(beside);
            throw;
        }
    }

    private static void Remove(string beside)
    {
        try
        {
            File.Delete(beside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The first error is the one that helps.
        }
    }
}
