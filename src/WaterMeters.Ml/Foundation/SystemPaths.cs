namespace WaterMeters.Ml.Foundation;

/// <summary>Paths as the systems take them: upper and lower case, and the form that Windows needs for long ones.</summary>
public static class SystemPaths
{
    private const string Extended = @"\\?\", Device = @"\\.\", ExtendedShare = @"\\?\UNC\", Share = @"\\";

    /// <summary>Compares paths as the system's file systems usually do: without upper and lower case, except on Linux.</summary>
    public static StringComparer Comparer => OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Returns a text that is the same for all spellings of a path that <see cref="Comparer"/> takes for one.</summary>
    internal static string Key(string path) => OperatingSystem.IsLinux() ? path : path.ToUpperInvariant();

    /// <summary>
    /// Returns an absolute path of Windows in the form for its functions: <c>\\?\C:\data</c>, or <c>\\?\UNC\server\share</c>. Without it
    /// they accept at most 260 characters. .NET does this by itself; calls of our own need it.
    /// </summary>
    /// <param name="path">An absolute path with backslashes and without dots, as <see cref="Path.GetFullPath(string)"/> returns it.</param>
    internal static string ToExtended(string path) =>
        path.StartsWith(Extended, StringComparison.Ordinal) || path.StartsWith(Device, StringComparison.Ordinal) ? path
        : path.StartsWith(Share, StringComparison.Ordinal) ? ExtendedShare + path[Share.Length..]
        : Extended + path;

    /// <summary>
    /// Returns the usual form of such a path: <c>C:\data</c> or <c>\\server\share</c>; any other path stays as it is. A question mark is a
    /// wildcard for PowerShell.
    /// </summary>
    public static string FromExtended(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.StartsWith(ExtendedShare, StringComparison.OrdinalIgnoreCase)) return Share + path[ExtendedShare.Length..];
        if (!path.StartsWith(Extended, StringComparison.Ordinal)) return path;
        string rest = path[Extended.Length..];
        return rest.Length > 1 && char.IsAsciiLetter(rest[0]) && rest[1] == ':' ? rest : path;
    }

    /// <summary>
    /// Returns an absolute path as Windows reads it: it ignores dots and spaces at the end of a name, so <c>C:\runs\first.</c> is the
    /// folder <c>first</c>, but <c>C:\runs\first \a</c> would be in another one. The name of a device stays as it is, and so does every
    /// path on other systems.
    /// </summary>
    public static string Normalize(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!OperatingSystem.IsWindows() || !Path.IsPathFullyQualified(path)) return path;
        string full = Path.GetFullPath(path);
        return IsDevice(full) ? path : full;
    }

    /// <summary>
    /// Returns whether Windows takes a path for a device, by its name alone: <c>C:\data\aux.jpg</c>, <c>nul</c> and <c>CONIN$</c> on some
    /// versions, <c>\\.\COM1</c> on all.
    /// </summary>
    internal static bool IsDeviceName(string path)
    {
        try
        {
            return OperatingSystem.IsWindows() && path.Length > 0 && IsDevice(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return false; // opening it fails too, and says why
        }
    }

    private static bool IsDevice(string path) => path.StartsWith(Device, StringComparison.Ordinal);
}
