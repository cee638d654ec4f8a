namespace WaterMeters.Ml.Tests;

/// <summary>The real photos and the seed's own results, in the folder <c>shared</c> beside the repository; tests that need them skip by name where they are not.</summary>
internal static class SharedFolder
{
    public static string Golden(params string[] parts) => Require(Path.Combine(["golden", .. parts]));

    public static string Meters => Require(Path.Combine("data", "meters"));

    private static string Require(string relative)
    {
        string path = Path.Combine(RepositoryRoot(), "..", "shared", relative);
        Assert.SkipUnless(Path.Exists(path), $"shared/{relative.Replace('\\', '/')} is not beside the repository");
        return Path.GetFullPath(path);
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "WaterMeters.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests run outside of a checkout.");
    }
}
