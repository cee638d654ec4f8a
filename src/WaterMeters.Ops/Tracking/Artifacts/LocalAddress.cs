namespace WaterMeters.Ops.Tracking.Artifacts;

/// <summary>Addresses of files and folders, as MLflow writes them on any system: paths and <c>file:</c> addresses.</summary>
internal static class LocalAddress
{
    /// <summary>
    /// Returns the path in an address; null if the address is not one of a file system. The path can be one of another system, such as
    /// <c>C:/water</c> on Linux.
    /// </summary>
    public static string? PathOf(string address)
    {
        if (SchemeOf(address) is not { } scheme) return address;
        if (!scheme.Equals("file", StringComparison.OrdinalIgnoreCase)) return null;
        string rest = address[(scheme.Length + 1)..];
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            int end = rest.IndexOf('/', 2);
            string host = end < 0 ? rest[2..] : rest[2..end];
            string path = end < 0 ? "" : rest[end..];
            rest = host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? path : $"//{host}{path}";
        }

        rest = Uri.UnescapeDataString(rest);
        return rest.Length > 2 && rest[0] == '/' && IsDrive(rest.AsSpan(1)) ? rest[1..] : rest;
    }

    /// <summary>Whether a path is absolute on the system that it comes from.</summary>
    public static bool IsAbsolute(string path) => path.StartsWith('/') || path.StartsWith('\\') || IsDrive(path);

    /// <summary>Whether a path is absolute on another system and means nothing on this one.</summary>
    public static bool IsForeign(string path) => IsAbsolute(path) && !Path.IsPathFullyQualified(path);

    /// <summary>Returns the scheme of an address; null for a path. A single letter is a drive.</summary>
    public static string? SchemeOf(string address)
    {
        int end = address.IndexOf(':', StringComparison.Ordinal);
        if (end < 2 || !char.IsAsciiLetter(address[0])) return null;
        foreach (char c in address.AsSpan(0, end))
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.')) return null;
        }

        return address[..end];
    }

    /// <summary>Returns the names in a path, in the order of folders; only paths of Windows are split at <c>\</c>.</summary>
    public static string[] NamesOf(string path)
    {
        bool windows = IsDrive(path) || path.StartsWith('\\') || OperatingSystem.IsWindows();
        return path.Split(windows ? ['/', '\\'] : ['/'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsDrive(ReadOnlySpan<char> path) =>
        path.Length >= 2 && char.IsAsciiLetter(path[0]) && path[1] == ':' && (path.Length == 2 || path[2] is '/' or '\\');
}
