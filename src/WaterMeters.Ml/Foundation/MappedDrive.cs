using Microsoft.Win32;

namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Network drives of Windows, which belong to one session: a session with administrator rights does not see those of the desktop.
/// </summary>
public static class MappedDrive
{
    /// <summary>Returns the sentence that says how to reach a path on a drive that this session does not have.</summary>
    public static string Advice(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        bool isLetter = path.Length > 1 && char.IsAsciiLetter(path[0]) && path[1] == ':';
        return Advice(path, isLetter && OperatingSystem.IsWindows(), isLetter ? RemoteOf(path[0]) : null);
    }

    /// <summary>Returns the sentence.</summary>
    /// <param name="path">The path as given.</param>
    /// <param name="isLetter">Whether it begins with the letter of a drive of Windows.</param>
    /// <param name="remote">The network path that the user's desktop has mapped to the letter; null for none.</param>
    internal static string Advice(string path, bool isLetter, string? remote)
    {
        if (!isLetter) return "Map the drive in this session, or use the full path.";
        return remote is not null
            ? $"On your desktop, {path[..2]} is '{remote}', but sessions with administrator rights do not see its drives. " +
                $"Use '{remote}{path[2..].Replace('/', '\\')}'."
            : "Sessions with administrator rights do not see the network drives of the desktop. " +
                @"Use the network path (\\server\share\...), or map the drive in this session.";
    }

    /// <summary>Returns the network path that the user mapped permanently; null for none.</summary>
    private static string? RemoteOf(char letter)
    {
        if (!OperatingSystem.IsWindows()) return null;
        try
        {
            using var key = Registry.CurrentUser.OpenSubKey($@"Network\{char.ToUpperInvariant(letter)}");
            return key?.GetValue("RemotePath") is string { Length: > 0 } remote ? remote.TrimEnd('\\') : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            return null;
        }
    }
}
