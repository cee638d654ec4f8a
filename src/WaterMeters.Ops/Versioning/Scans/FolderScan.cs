using System.IO.Enumeration;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Scans;

/// <summary>The files of a folder that belong to its version: all but those that .dvcignore leaves out.</summary>
internal static class FolderScan
{
    /// <summary>
    /// Returns the paths of the files, relative to the folder and with <c>/</c> between names; none if there is no folder.
    /// </summary>
    /// <param name="root">The root of the repository.</param>
    /// <param name="folder">The folder, which may be outside of the repository.</param>
    /// <param name="destination">The folder in the repository whose version the files are part of: its .dvcignore files count.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="DatasetVersionException">There is a link to a folder, or a .dvcignore file, or a folder cannot be read.</exception>
    public static List<string> List(string root, string folder, string destination, CancellationToken stop)
    {
        var found = new List<string>();
        if (!Directory.Exists(folder)) return found;
        IgnoreRules? rules = RulesOf(root, destination);
        string above = Path.GetRelativePath(root, destination).Replace(Path.DirectorySeparatorChar, '/') + "/";
        if (rules.IsEmpty) rules = null;
        var waiting = new Stack<string>([""]);
        while (waiting.TryPop(out string? prefix))
        {
            stop.ThrowIfCancellationRequested();
            foreach (var (name, isFolder, isLink) in Entries(folder, prefix))
            {
                string path = prefix + name;
                bool isFolderOrLink = isFolder || (isLink && Directory.Exists(Path.Combine(folder, path)));
                if (name is ".git" or ".hg" || (name == DvcRepository.FolderName && isFolderOrLink)) continue;
                if (rules?.Ignores(above + path, isFolderOrLink) == true) continue;
                if (name == IgnoreRules.DvcName)
                {
                    throw VersionErrors.Unusable(Path.Combine(folder, path),
                        $"'{Path.Combine(folder, path)}' is inside of a published folder, where DVC allows no .dvcignore. Move it beside "
                            + "the folder.");
                }

                if (!isFolderOrLink) found.Add(path);
                else if (!isLink) waiting.Push(path + "/");
                else
                {
                    throw VersionErrors.Unusable(Path.Combine(folder, path),
                        $"'{Path.Combine(folder, path)}' is a link to a folder. Replace it by the folder, or name it in .dvcignore.");
                }
            }
        }

        return found;
    }

    /// <summary>Returns what is left out of a folder.</summary>
    public static IgnoreRules RulesOf(string root, string folder) =>
        IgnoreRules.Read(root, Path.GetDirectoryName(folder) ?? folder, IgnoreRules.DvcName);

    private static List<(string Name, bool IsFolder, bool IsLink)> Entries(string folder, string prefix)
    {
        string path = Path.Combine(folder, prefix);
        try
        {
            return [.. new FileSystemEnumerable<(string, bool, bool)>(
                path,
                (ref FileSystemEntry entry) => (
                    entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0),
                new EnumerationOptions { AttributesToSkip = FileAttributes.None })];
        }
        catch (Exception e) when (VersionErrors.IsOfFiles(e))
        {
            throw VersionErrors.Unusable(path, $"Cannot read the folder '{path}': {e.Sentence()} Check its permissions.", e);
        }
    }
}
