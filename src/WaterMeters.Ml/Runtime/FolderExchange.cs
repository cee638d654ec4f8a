using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Puts a new folder into the place of an old one. Windows does not rename a folder while a program has loaded a library in it, but it
/// renames the library itself: then the files change places one by one.
/// </summary>
internal static class FolderExchange
{
    private const int Attempts = 6;

    /// <summary>Moves a folder to its place.</summary>
    /// <param name="from">The new folder.</param>
    /// <param name="to">Its place; what is there is moved away first.</param>
    /// <param name="replaced">Where the old content goes: a path that does not exist, on the same disk.</param>
    /// <param name="key">The file by which others recognise the folder: the first to leave and the last to arrive.</param>
    /// <exception cref="IOException">A file is in use; the old folder is as it was.</exception>
    public static void Swap(string from, string to, string replaced, string key)
    {
        if (!Directory.Exists(to))
        {
            Move(from, to);
            return;
        }

        try
        {
            Move(to, replaced);
        }
        catch (Exception e) when (OperatingSystem.IsWindows() && (e is IOException or UnauthorizedAccessException))
        {
            SwapEntries(from, to, replaced, key);
            return;
        }

        try
        {
            Move(from, to);
        }
        catch (Exception e)
        {
            Undo(e, to, replaced, () => Move(replaced, to));
            throw;
        }
    }

    /// <summary>Does the same entry by entry. All moves are undone if one fails.</summary>
    internal static void SwapEntries(string from, string to, string replaced, string key)
    {
        Directory.CreateDirectory(replaced);
        var done = new Stack<(string From, string To)>();
        try
        {
            // The record of the installation is the last to leave and the first to arrive, so that the folder stays ours.
            foreach (string name in Names(to, key)) MoveEntry(to, replaced, name, done);
            foreach (string name in Names(from, key).Reverse()) MoveEntry(from, to, name, done);
        }
        catch (Exception e)
        {
            Undo(e, to, replaced, () =>
            {
                while (done.TryPop(out var move)) Move(move.To, move.From);
            });
            throw;
        }
    }

    /// <summary>Moves the old content back. If that fails too, the error says where the content is, and the first cause.</summary>
    private static void Undo(Exception cause, string to, string replaced, Action moveBack)
    {
        try
        {
            moveBack();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{cause.Sentence()} Nor could the old content of '{to}' be moved back: {e.Sentence()} Move it back from '{replaced}'.",
                cause);
        }
    }

    private static IEnumerable<string> Names(string folder, string key) => Directory.GetFileSystemEntries(folder)
        .Select(e => Path.GetFileName(e)!)
        .OrderBy(name => name.Equals(key, StringComparison.OrdinalIgnoreCase) ? 0 : name == InstallationRecord.FileName ? 2 : 1)
        .ThenBy(name => name, StringComparer.Ordinal);

    private static void MoveEntry(string folder, string target, string name, Stack<(string From, string To)> done)
    {
        string from = Path.Combine(folder, name), to = Path.Combine(target, name);
        try
        {
            Move(from, to);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{from}' cannot be moved: {e.Sentence()}", e);
        }

        done.Push((from, to));
    }

    // A virus scanner looks at new libraries and holds each for a moment.
    private static void Move(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            HeldFile.Retry(from, changes: true, () =>
            {
                File.Move(from, to);
                return true;
            });
            return;
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Move(from, to);
                return;
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && attempt < Attempts && !Path.Exists(to)
                && (e is IOException or UnauthorizedAccessException))
            {
                Thread.Sleep(25 << attempt);
            }
        }
    }
}
