namespace WaterMeters.Ml.Tests;

/// <summary>
/// The real photos and the results of the legacy pipeline, in the folder <c>shared</c> beside the repository. Tests that need them are
/// skipped when they are missing.
/// </summary>
internal static class SharedFolder
{
    private static readonly string? LogPath = Environment.GetEnvironmentVariable("WMS_GOLDEN_LOG");
    private static readonly Lock Gate = new();

    /// <summary>
    /// Returns the path of a file or folder of the legacy pipeline's results. With WMS_GOLDEN_LOG, requested files are logged to that
    /// file, for tests/Proofs/Golden.ps1.
    /// </summary>
    public static string Golden(params string[] parts)
    {
        string path = Require(Path.Combine(["golden", .. parts]));
        if (LogPath is not null && File.Exists(path))
        {
            lock (Gate) File.AppendAllLines(LogPath, [path]);
        }

        return path;
    }

    /// <summary>Returns the names of photos that the legacy pipeline predicted: three, all eight with WMS_PROVE=full.</summary>
    public static IReadOnlyList<string> GoldenPhotos()
    {
        const string Ending = ".preprocessed.png";
        string[] names = [.. Directory.GetFiles(Golden("predict"), "*" + Ending)
            .Select(f => Path.GetFileName(f)[..^Ending.Length]).Order(StringComparer.Ordinal)];
        Assert.Equal(8, names.Length);
        return ProcessMemory.Full ? names : names[..3];
    }

    public static string Meters => Require(Path.Combine("data", "meters"));

    private static string Require(string relative)
    {
        string path = Path.Combine(RepositoryRoot(), "..", "shared", relative);
        Assert.SkipUnless(Path.Exists(path), $"shared/{relative.Replace('\\', '/')} is not beside the repository");
        return Path.GetFullPath(path);
    }

    public static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "WaterMeters.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests must run inside a clone of the repository.");
    }
}
