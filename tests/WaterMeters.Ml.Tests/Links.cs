namespace WaterMeters.Ml.Tests;

/// <summary>
/// Symbolic links, where the system lets the tests make them: Wine makes none and reports no error, Windows makes them for administrators
/// and in developer mode. Tests ask <see cref="AreMade"/> in their attribute: one that is skipped while it runs ends its process in Wine.
/// </summary>
internal static class Links
{
    /// <summary>Whether links can be made here.</summary>
    public static bool AreMade { get; } = Try();

    /// <summary>Makes a link to a folder.</summary>
    public static void Folder(string path, string target) => Directory.CreateSymbolicLink(path, target);

    /// <summary>Makes a link to a file, which need not exist.</summary>
    public static void File(string path, string target) => System.IO.File.CreateSymbolicLink(path, target);

    private static bool Try()
    {
        if (!OperatingSystem.IsWindows()) return true;
        if (WindowsSystem.IsWine) return false;
        using var folder = new TempFolder();
        try
        {
            Folder(folder["link"], folder.Path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
