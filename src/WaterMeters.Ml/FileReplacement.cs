namespace WaterMeters.Ml;

/// <summary>Writes a file as a whole or not at all: beside its name, then moved over it.</summary>
internal static class FileReplacement
{
    /// <summary>Calls <paramref name="write"/> with a new file in the same folder and moves that over <paramref name="path"/>; removes it when anything fails.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string beside = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            MoveOver(beside, path);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>
    /// Moves a file over another. On Windows a virus scanner or an indexer holds a fresh file open for a moment, and one such moment must
    /// not end a training; so it is tried again there, for about six seconds.
    /// </summary>
    public static void MoveOver(string from, string to)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                File.Move(from, to, overwrite: true);
                return;
            }
            catch (Exception e) when ((e is IOException or UnauthorizedAccessException) && OperatingSystem.IsWindows() && attempt < 8 && File.Exists(from))
            {
                Thread.Sleep(25 << attempt);
            }
        }
    }

    /// <summary>Writes text in UTF-8 without a byte order mark, as a whole or not at all.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
