using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning;

/// <summary>
/// The files and folders of a call. A .dvc file comes from others, as do links in a clone: what they name is checked before anything is
/// written.
/// </summary>
internal static class VersionTargets
{
    private static readonly string[] ForeignFolders = [".git", DvcRepository.FolderName];

    /// <summary>Returns the targets of paths, each once.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="paths">Absolute paths of files and folders, or of their .dvc files.</param>
    /// <exception cref="DatasetVersionException">One is not in the repository, or leads out of it.</exception>
    public static IReadOnlyList<VersionTarget> Of(DvcRepository repository, IEnumerable<string> paths)
    {
        VersionTarget[] targets =
            [.. paths.SelectMany(VersionTarget.Of).DistinctBy(target => target.Path, SystemPaths.Comparer)];
        foreach (var target in targets) Require(repository, target);
        return targets;
    }

    /// <summary>Checks that no folder on the way to a file is a link, which would lead elsewhere.</summary>
    /// <param name="root">Where the way begins, without a check of its own.</param>
    /// <param name="path">A folder or file below the root; it may not exist.</param>
    /// <exception cref="DatasetVersionException">One is a link.</exception>
    public static void RequireNoLink(string root, string path)
    {
        for (string? at = path; at is not null && at.Length > root.Length; at = Path.GetDirectoryName(at))
        {
            if (!Directory.Exists(at) || new DirectoryInfo(at).LinkTarget is not { } leadsTo) continue;
            throw VersionErrors.Unusable(at,
                $"'{at}' is a link to the folder '{leadsTo}'. Links to folders are not supported, because files behind them may be outside "
                    + "of the repository. Replace it by a folder.");
        }
    }

    /// <summary>Checks that a new target is not part of another one, whose versions have it already.</summary>
    /// <exception cref="DatasetVersionException">A folder above it is published.</exception>
    public static void RequireSeparate(DvcRepository repository, VersionTarget target)
    {
        if (target.File is not null) return;
        for (string? at = Path.GetDirectoryName(target.Path); at is not null && at.Length > repository.Root.Length;
            at = Path.GetDirectoryName(at))
        {
            if (!File.Exists(DvcFile.PathFor(at))) continue;
            throw VersionErrors.Unusable(target.Path,
                $"'{target.Path}' is in the folder '{at}', which is published as a whole. Publish that folder.");
        }
    }

    private static void Require(DvcRepository repository, VersionTarget target)
    {
        string relative = Path.GetRelativePath(repository.Root, target.Path);
        if (relative == ".")
        {
            throw VersionErrors.Unusable(target.Path,
                $"'{target.Path}' is the repository itself. Name the folders with photos and masks, such as ./data/images.");
        }

        string[] names = relative.Split(Path.DirectorySeparatorChar);
        if (Path.IsPathRooted(relative) || names[0] == ".." || DvcRepository.Find(target.Path).Root != repository.Root)
        {
            throw VersionErrors.Unusable(target.Path, IsBeside(target)
                ? $"'{target.Path}' is in another repository than '{repository.Root}'. Use a call of its own for it."
                : $"'{target.DvcPath}' names '{target.Path}', which is not in the repository '{repository.Root}'. Correct its path.");
        }

        if (names.FirstOrDefault(name => ForeignFolders.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } foreign)
        {
            throw VersionErrors.Unusable(target.Path,
                $"'{target.Path}' is in '{foreign}', which belongs to another program. Name a folder with photos or masks.");
        }

        if (names.Any(name => name.Any(char.IsControl)))
        {
            throw VersionErrors.Unusable(target.Path,
                $"'{target.Path}' has a line break or another control character in its name, which .gitignore cannot have. Rename it.");
        }

        RequireNoLink(repository.Root, target.Path);
    }

    private static bool IsBeside(VersionTarget target) =>
        SystemPaths.Comparer.Equals(Path.GetDirectoryName(target.Path), Path.GetDirectoryName(target.DvcPath));
}
