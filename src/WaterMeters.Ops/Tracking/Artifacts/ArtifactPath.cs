using System.Buffers;

namespace WaterMeters.Ops.Tracking.Artifacts;

/// <summary>Paths of artifacts: relative, with <c>/</c> between names.</summary>
internal static class ArtifactPath
{
    private static readonly SearchValues<char> NotInWindowsNames = SearchValues.Create(":*?\"<>|");

    /// <summary>Checks the path of a file.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.InvalidValue"/>: it is empty, or leads out of the folder.</exception>
    public static string CheckFile(string path)
    {
        if (IsInside(path)) return path;
        throw new TrackingException(
            TrackingFault.InvalidValue,
            path,
            $"'{path}' is not the path of an artifact. Use names with '/' between them, relative to the folder, without '.' and '..'.");
    }

    /// <summary>Checks the path of a folder; empty for the whole folder.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.InvalidValue"/>: it leads out of the folder.</exception>
    public static string CheckFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string folder = path.TrimEnd('/');
        return folder.Length == 0 && path.Length <= 1 ? "" : CheckFile(folder);
    }

    /// <summary>Returns whether a path stays inside of its folder on every system.</summary>
    public static bool IsInside(string path) =>
        path is not null
        && path.AsSpan().IndexOfAny('\\', '\0') < 0
        && !(OperatingSystem.IsWindows() && path.AsSpan().ContainsAny(NotInWindowsNames))
        && path.Split('/').All(name => name is not ("" or "." or ".."));

    /// <summary>Joins two paths; each may be empty.</summary>
    public static string Join(string folder, string path) =>
        folder.Length == 0 ? path : path.Length == 0 ? folder : $"{folder}/{path}";

    /// <summary>Returns the folder of a path; empty if it has none.</summary>
    public static string FolderOf(string path) => path.LastIndexOf('/') is > 0 and int end ? path[..end] : "";

    /// <summary>Creates the error of an artifact that is not there.</summary>
    public static TrackingException NotFound(string path, string address, Exception? inner = null) =>
        new(TrackingFault.NotFound, path, $"There is no artifact '{path}' in '{address}'. List the artifacts to see their names.", inner);
}
