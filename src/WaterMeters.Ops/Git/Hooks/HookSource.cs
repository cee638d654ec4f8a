using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Git.Hooks;

/// <summary>The hook's script, as it comes with the module, and as it is found in a repository.</summary>
/// <param name="path">Absolute path of the file hooks/pre-push of the module.</param>
public sealed class HookSource(string path)
{
    /// <summary>The beginning of the line by which the script is recognized, whatever its version.</summary>
    private const string Mark = "# watermeters-hook: ";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>
    /// The bytes to install: without a byte order mark and with LF. A carriage return at the end of the first line would become part of the
    /// name of the shell; git takes the failure of such a hook for a refusal, and no push would pass.
    /// </summary>
    private readonly byte[] content = Encoding.UTF8.GetBytes(HeldFile.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal));

    /// <summary>Returns whether a file is this hook, in whatever version.</summary>
    internal static bool IsHook(string file)
    {
        try
        {
            if (!File.Exists(file)) return false;
            using var reader = new StreamReader(HeldFile.OpenRead(file));
            for (int i = 0; i < 5; i++)
            {
                if (reader.ReadLine() is not { } line) return false;
                if (line.StartsWith(Mark, StringComparison.Ordinal)) return true;
            }

            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // a hook that cannot be read is not known to be ours
        }
    }

    /// <summary>Returns whether a file is this hook in this version, and git can run it.</summary>
    internal bool IsCurrent(string file) =>
        IsHook(file) && IsExecutable(file) && HeldFile.ReadAllBytes(file).AsSpan().SequenceEqual(content);

    /// <summary>Returns whether git would run a file.</summary>
    internal static bool IsExecutable(string file) =>
        OperatingSystem.IsWindows() || (File.Exists(file) && (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0);

    /// <summary>Returns the name under which a file is written before it is moved to its place.</summary>
    internal static string Temporary(string file) => $"{file}.{Environment.ProcessId}.tmp";

    /// <summary>Removes such files of calls that were killed.</summary>
    internal static void RemoveTemporary(string file)
    {
        string folder = Path.GetDirectoryName(file)!, start = Path.GetFileName(file) + ".";
        if (!Directory.Exists(folder)) return;
        foreach (string left in Directory.EnumerateFiles(folder, "*.tmp"))
        {
            string name = Path.GetFileName(left);
            if (!name.StartsWith(start, StringComparison.Ordinal) || !name[start.Length..^4].All(char.IsAsciiDigit)) continue;
            try
            {
                HeldFile.Delete(left);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It may be that of another user of the folder, and does no harm.
            }
        }
    }

    /// <summary>Writes the hook in one step: git finds the old file or the new one. A link is replaced, not what it leads to.</summary>
    /// <exception cref="HookException">The file cannot be written.</exception>
    internal void Write(string file)
    {
        string temporary = Temporary(file);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, Executable);
            HeldFile.Move(temporary, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new HookException(file, $"Cannot write the hook '{file}': {e.Sentence()} Check the permissions of its folder.", e);
        }
    }
}
