namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>The texts of infra/, by their paths from the root of the repository, with forward slashes.</summary>
internal static class InfrastructureFiles
{
    /// <summary>The document that describes every variable and output.</summary>
    public const string Readme = "infra/README.md";

    /// <summary>Returns all of them.</summary>
    public static Dictionary<string, string> Read()
    {
        string root = SharedFolder.RepositoryRoot();
        return Directory.GetFiles(Path.Combine(root, "infra"), "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}.terraform", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetRelativePath(root, file).Replace('\\', '/'), File.ReadAllText);
    }
}
