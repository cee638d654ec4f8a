namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Files that another process may hold open. Windows refuses to replace or delete such a file, and a virus scanner or an indexer holds a
/// new file for a moment: each step is tried again for two seconds, and then the error names the program.
/// </summary>
public static class HeldFile
{
    /// <summary>The pauses between the attempts: 1.9 seconds together.</summary>
    private static readonly int[] Pauses = [10, 20, 40, 80, 160, 320, 640, 640];

    /// <summary>Opens a file for reading while other programs may read, write, replace or remove it.</summary>
    /// <exception cref="IOException">It cannot be opened, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied, or it is a folder.</exception>
    internal static FileStream OpenRead(string path, FileOptions options = FileOptions.None) => Retry(path, changes: false, () =>
        RegularFile.Open(path, new FileStreamOptions
        {
            Access = FileAccess.Read,
            BufferSize = 0,
            Mode = FileMode.Open,
            Options = options,
            Share = FileShare.ReadWrite | FileShare.Delete,
        }));

    /// <summary>Reads all bytes of a file, see <see cref="OpenRead"/>.</summary>
    internal static byte[] ReadAllBytes(string path)
    {
        using var file = OpenRead(path, FileOptions.SequentialScan);
        if (file.Length > Array.MaxLength) throw new IOException("The file is too large to be read at once.");
        using var bytes = new MemoryStream((int)file.Length);
        file.CopyTo(bytes);
        return bytes.Length == bytes.Capacity ? bytes.GetBuffer() : bytes.ToArray();
    }

    /// <summary>
    /// Reads a text file in UTF-8, or in the encoding of its byte order mark: editors and shells on Windows write one, or UTF-16. See
    /// <see cref="OpenRead"/>.
    /// </summary>
    public static string ReadAllText(string path)
    {
        using var reader = new StreamReader(OpenRead(path, FileOptions.SequentialScan));
        return reader.ReadToEnd();
    }

    /// <summary>Deletes a file, read-only or not; one that does not exist is no error.</summary>
    /// <exception cref="IOException">Another process holds it; the message names the program.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied, or it is a folder.</exception>
    internal static void Delete(string path) => Retry(path, changes: true, () =>
    {
        WithoutReadOnly(path, () => File.Delete(path));
        return true;
    });

    /// <summary>Moves a file over another, read-only or not.</summary>
    /// <exception cref="IOException">Another process holds one of them; the message names the program.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied, or the target is a folder.</exception>
    internal static void Move(string from, string to, bool overwrite) => Retry(to, changes: true, () =>
    {
        // Readers of the old file keep it, as on Unix; where the file system cannot do that, it must not be open.
        if (overwrite && PosixRename.TryReplace(from, to)) return true;
        if (overwrite) WithoutReadOnly(to, () => File.Move(from, to, overwrite));
        else File.Move(from, to, overwrite);
        return true;
    });

    /// <summary>Checks that a file which exists may be replaced: the attribute is there to protect it.</summary>
    /// <exception cref="UnauthorizedAccessException">It is read-only.</exception>
    internal static void RequireReplaceable(string path)
    {
        if (File.Exists(path) && IsReadOnly(path))
        {
            throw new UnauthorizedAccessException("The file is read-only. Make it writable if it may be replaced.");
        }
    }

    // Elsewhere .NET calls a file read-only if this user may not write into it, as root in a container into those of another user. The
    // folder decides who may replace it; protected is what no one may write.
    private static bool IsReadOnly(string path)
    {
        const UnixFileMode write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        return OperatingSystem.IsWindows()
            ? File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly)
            : (File.GetUnixFileMode(path) & write) == 0;
    }

    /// <summary>Does a step again while another process holds the file, on Windows.</summary>
    /// <param name="path">The file, for the error.</param>
    /// <param name="changes">Whether the step replaces or removes it.</param>
    /// <param name="step">The step.</param>
    internal static T Retry<T>(string path, bool changes, Func<T> step) =>
        OperatingSystem.IsWindows() ? Retry(path, changes, step, Thread.Sleep, FileHolders.Of) : step();

    /// <summary>Does a step again while another process holds the file.</summary>
    /// <param name="path">The file, for the error.</param>
    /// <param name="changes">Whether the step replaces or removes it.</param>
    /// <param name="step">The step.</param>
    /// <param name="pause">Waits for some milliseconds.</param>
    /// <param name="holdersOf">Returns the programs that hold a file.</param>
    internal static T Retry<T>(
        string path, bool changes, Func<T> step, Action<int> pause, Func<string, IReadOnlyList<string>> holdersOf)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return step();
            }
            catch (Exception e) when (WindowsErrors.IsHeld(e, changes) && !Directory.Exists(path))
            {
                if (attempt < Pauses.Length) pause(Pauses[attempt]);
                else if (Held(path, e, holdersOf(path)) is { } held) throw held;
                else throw;
            }
        }
    }

    private static HeldFileException? Held(string path, Exception fault, IReadOnlyList<string> holders) =>
        fault is UnauthorizedAccessException && holders.Count == 0 ? null : new(FileHolders.Sentence(path, holders), fault);

    /// <summary>Windows neither replaces nor deletes a read-only file, as photos from a CD or a camera are.</summary>
    private static void WithoutReadOnly(string path, Action step)
    {
        if (!OperatingSystem.IsWindows() || new FileInfo(path) is not { Exists: true, IsReadOnly: true } file)
        {
            step();
            return;
        }

        file.IsReadOnly = false;
        try
        {
            step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.IsReadOnly = true;
            throw;
        }
    }
}
