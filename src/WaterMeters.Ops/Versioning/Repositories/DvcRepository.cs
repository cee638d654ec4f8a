using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>A folder with <c>.dvc</c>, and what its configuration says.</summary>
internal sealed class DvcRepository
{
    /// <summary>Name of the folder of DVC.</summary>
    public const string FolderName = ".dvc";

    private DvcRepository(string root, DvcConfig config)
    {
        (Root, Config) = (root, config);
        string folder = Path.Combine(root, FolderName);
        TemporaryFolder = Path.Combine(folder, "tmp");
        var cache = config.Locate("cache", "dir");
        CacheFolder = cache is var (path, file) ? Path.GetFullPath(path, Path.GetDirectoryName(file)!) : Path.Combine(folder, "cache");
        LinkKinds = ReadLinkKinds(config);
        IsShared = config.Locate("cache", "shared") switch
        {
            null => false,
            var (value, _) when value.Equals("group", StringComparison.OrdinalIgnoreCase) => true,
            var (value, where) => throw VersionErrors.Unusable(where, $"'{value}' of cache.shared in '{where}' is unknown. Write group, "
                + "or remove it."),
        };
    }

    /// <summary>The folder that contains <c>.dvc</c>.</summary>
    public string Root { get; }

    /// <summary>The configuration.</summary>
    public DvcConfig Config { get; }

    /// <summary>The folder of the cache; it may not exist.</summary>
    public string CacheFolder { get; }

    /// <summary>The folder for locks and what can be made again; it may not exist.</summary>
    public string TemporaryFolder { get; }

    /// <summary>How files come from the cache, the first that works.</summary>
    public IReadOnlyList<LinkKind> LinkKinds { get; }

    /// <summary>Whether the group of the cache's folder may write into it.</summary>
    public bool IsShared { get; }

    /// <summary>Finds the repository around a path.</summary>
    /// <exception cref="DatasetVersionException"><see cref="DatasetVersionFault.NotFound"/>: there is none.</exception>
    public static DvcRepository Find(string path)
    {
        for (string? at = path; at is not null; at = Path.GetDirectoryName(at))
        {
            string folder = Path.Combine(at, FolderName);
            if (Directory.Exists(folder)) return new DvcRepository(at, DvcConfig.Read(folder));
        }

        throw VersionErrors.NotFound(path,
            $"'{path}' is not in a repository of DVC: no folder from there upward contains .dvc. Run `dvc init`, "
            + "or create .dvc/config with the url of a remote.");
    }

    /// <summary>Returns the path of a file relative to the root, with <c>/</c> between names.</summary>
    public string Relative(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Creates the folder for what can be made again, which git ignores.</summary>
    public string CreateTemporaryFolder()
    {
        Directory.CreateDirectory(TemporaryFolder);
        string ignore = Path.Combine(Root, FolderName, ".gitignore");
        if (!File.Exists(ignore)) AtomicFile.WriteText(ignore, "/config.local\n/tmp\n/cache\n");
        return TemporaryFolder;
    }

    private static LinkKind[] ReadLinkKinds(DvcConfig config)
    {
        if (config.Locate("cache", "type") is not var (value, file)) return [LinkKind.Reflink, LinkKind.Copy];
        LinkKind[] kinds = [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(kind =>
            EnumName.TryParse(kind, out LinkKind read) ? read : throw VersionErrors.Unusable(file,
                $"'{kind}' of cache.type in '{file}' is unknown. Write reflink, hardlink, symlink or copy."))];
        return kinds.Length > 0 ? kinds : [LinkKind.Reflink, LinkKind.Copy];
    }
}
