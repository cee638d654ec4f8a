namespace WaterMeters.Ml.Tests;

/// <summary>The real photos and the seed's own results, in the folder <c>shared</c> beside the repository; tests that need them skip by name where they are not.</summary>
internal static class SharedFolder
{
    private static readonly string? Asked = Environment.GetEnvironmentVariable("WMS_GOLDEN_LOG");
    private static readonly Lock Gate = new();

    /// <summary>A file or folder of the seed's results. With WMS_GOLDEN_LOG, files asked for are written into that file, for tests/Proofs/Golden.ps1.</summary>
    public static string Golden(params string[] parts)
    {
        string path = Require(Path.Combine(["golden", .. parts]));
        if (Asked is not null && File.Exists(path))
        {
            lock (Gate) File.AppendAllLines(Asked, [path]);
        }

        return path;
    }

    /// <summary>The eight photos that the seed predicted, by name.</summary>
    public static IReadOnlyList<string> GoldenPhotos()
    {
        const string Ending = ".preprocessed.png";
        string[] names = [.. Directory.GetFiles(Golden("predict"), "*" + Ending).Select(f => Path.GetFileName(f)[..^Ending.Length]).Order(StringComparer.Ordinal)];
        Assert.Equal(8, names.Length);
        return names;
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
        return folder ?? throw new DirectoryNotFoundException("The tests run outside of a checkout.");
    }
}
