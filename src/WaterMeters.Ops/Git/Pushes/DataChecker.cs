using System.Globalization;
using System.Text;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Git.Pushes;

/// <summary>
/// Checks the pairs that a push adds or changes, as they will be on its branch. Their files are taken from git's objects, and through
/// git-lfs where they are pointers: the work tree may have others.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="settings">The severity of each check.</param>
/// <param name="folder">An empty folder for the files.</param>
/// <param name="cancellation">Ends the check.</param>
internal sealed class DataChecker(GitRepository repository, CheckSettings settings, string folder, CancellationToken cancellation)
{
    /// <summary>Of .dvc files, which no check of a data set covers; always an error.</summary>
    private const string DvcUnreadable = "DvcFileUnreadable";

    private readonly FindingCollector others = new(settings);
    private readonly List<DatasetFinding> dvcFindings = [];
    private readonly Dictionary<string, string> written = new(SystemPaths.Comparer);
    private int number;

    /// <summary>Called with the number of pairs checked and the total.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>Called with each step.</summary>
    public Action<string> Verbose { get; init; } = _ => { };

    /// <summary>The paths of the files that are pointers of Git LFS, with the ids of their content.</summary>
    public SortedDictionary<string, string> Pointers { get; } = new(StringComparer.Ordinal);

    /// <summary>Findings of files that are in no pair.</summary>
    public IEnumerable<DatasetFinding> OtherFindings => others.Findings.Concat(dvcFindings);

    /// <summary>Checks the data of one protected branch and returns the findings of its pairs, with paths of the repository.</summary>
    /// <param name="data">The data.</param>
    /// <param name="files">The files of the new commit, by path.</param>
    /// <exception cref="PushRefusedException">An object is not here.</exception>
    public IReadOnlyList<DatasetFinding> Check(PushedData data, IReadOnlyDictionary<string, TreeEntry> files)
    {
        using var reader = new ObjectReader(repository.Git, cancellation);
        LfsFilter? lfs = null;
        try
        {
            var inspector = new DatasetInspector(settings);
            bool isInspected = false;
            var pairs = data.Changes.Where(change => change.Kind is DataKind.Photo or DataKind.Mask);
            foreach (var group in pairs.GroupBy(change => DataPaths.RootOf(change.Path)))
            {
                var names = group.Select(change => PairName.Of(change.Path)).ToHashSet(PairName.Comparer);
                string root = Path.Combine(folder, (number++).ToString(CultureInfo.InvariantCulture));
                string[] chosen = Write(group.Key, root, names, files, reader, ref lfs);
                if (chosen.Length == 0) continue;
                inspector.Inspect(root, Progress, cancellation, files: chosen);
                isInspected = true;
            }

            foreach (var change in data.Changes) CheckOther(change, reader);
            return isInspected ? [.. inspector.Report().Findings.Select(WithPaths)] : [];
        }
        finally
        {
            lfs?.Dispose();
        }
    }

    /// <summary>Writes the files of the pairs with these names, and the stored split, below a new folder.</summary>
    /// <returns>The photos and masks.</returns>
    private string[] Write(
        string root, string target, HashSet<string> names, IReadOnlyDictionary<string, TreeEntry> files, ObjectReader reader,
        ref LfsFilter? lfs)
    {
        var chosen = new List<string>();
        foreach (string name in (string[])["images", "masks"]) Directory.CreateDirectory(Path.Combine(target, name));
        written[target] = root;
        foreach (var (path, entry) in files)
        {
            cancellation.ThrowIfCancellationRequested();
            bool isSplit = DataPaths.IsSplit(path, root), isMask = false;
            if (!isSplit && !(DataPaths.IsPairFile(path, root, out isMask) && names.Contains(PairName.Of(path)))) continue;
            string[] parts = isSplit ? path[(root.Length == 0 ? 0 : root.Length + 1)..].Split('/')
                : [isMask ? "masks" : "images", DataPaths.Name(path)];
            string file = FileFor(target, parts, path);
            if (File.Exists(file))
            {
                others.Add(DatasetCheck.DuplicateName, Path.GetFileNameWithoutExtension(path), path,
                    $"Its name differs from that of '{DataPaths.Name(written[file])}' only in letters that many systems take for the same. "
                    + "Rename one of them.");
                continue;
            }

            byte[] content = reader.Read(entry.Id) ?? throw NotHere(path);
            if (LfsPointer.Matches(content)) content = Smudge(path, content, ref lfs);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
            written[file] = path;
            if (!isSplit) chosen.Add(file);
        }

        Verbose($"Took {chosen.Count} files of '{(root.Length == 0 ? "." : root)}' from git.");
        return [.. chosen];
    }

    private byte[] Smudge(string path, byte[] pointer, ref LfsFilter? lfs)
    {
        string? oid = Encoding.UTF8.GetString(pointer).Split('\n')
            .FirstOrDefault(line => line.StartsWith("oid sha256:", StringComparison.Ordinal))?["oid sha256:".Length..].Trim();
        if (oid is not null) Pointers[path] = oid;
        lfs ??= new LfsFilter(repository.Outer.ForRemote(cancellation), cancellation);
        byte[] content = lfs.Smudge(path, pointer);
        if (!LfsPointer.Matches(content)) return content;
        throw new PushRefusedException(
            $"git-lfs is set to leave '{path}' out (lfs.fetchexclude), so it cannot be checked. Change that setting, and push again.");
    }

    private PushRefusedException NotHere(string path) => new(
        repository.IsPartialClone(cancellation)
            ? $"'{path}' is not in this partial clone, and cannot be fetched. Run 'git fetch --refetch --no-filter', and push again."
            : $"The object of '{path}' is missing in this repository. Run 'git fsck', and repair it.");

    /// <summary>Checks what is in no pair.</summary>
    private void CheckOther(DataChange change, ObjectReader reader)
    {
        if (change.Change.New is not { } entry) return;
        string path = change.Path, name = Path.GetFileNameWithoutExtension(path);
        if (change.Kind == DataKind.NotInDataset)
        {
            others.Add(DatasetCheck.PhotoWithoutMask, name, path,
                "It is in the folder of the data set, but in neither 'images' nor 'masks'. Move it there, or out of the data set.");
        }
        else if (change.Kind == DataKind.NotRead)
        {
            others.Add(DatasetCheck.OtherFormat, name, path, PhotoFolder.IsPhotoName(path)
                ? "It is a hidden or temporary file, which is not read. Remove it."
                : "It is an image of a format that is not read. Save it as JPEG or PNG.");
        }
        else if (change.Kind == DataKind.DvcFile)
        {
            CheckDvcFile(path, reader.Read(entry.Id) ?? throw NotHere(path));
        }
    }

    private void CheckDvcFile(string path, byte[] content)
    {
        try
        {
            _ = DvcFile.Parse(Path.Combine(folder, "file.dvc"), Encoding.UTF8.GetString(content), path);
        }
        catch (DatasetVersionException e)
        {
            dvcFindings.Add(new DatasetFinding
            {
                Check = DvcUnreadable,
                Severity = FindingSeverity.Error,
                Name = "",
                Path = path,
                Message = e.Message,
            });
        }
    }

    /// <summary>A name that this system cannot store, or that would lead out of the folder, is refused.</summary>
    private static string FileFor(string target, string[] parts, string path)
    {
        foreach (string part in parts)
        {
            bool isUsable = part.Length > 0 && part is not ("." or "..") && part.IndexOfAny(Path.GetInvalidFileNameChars()) < 0
                && !part.Contains('\uFFFD', StringComparison.Ordinal) && !part.Any(char.IsControl);
            if (!isUsable)
            {
                throw new PushRefusedException(
                    $"The name of '{path}' cannot be used on this system. Rename the file, and push again.");
            }
        }

        return Path.Combine([target, .. parts]);
    }

    private DatasetFinding WithPaths(DatasetFinding finding)
    {
        string message = finding.Message;
        foreach (var (target, root) in written.Where(pair => Directory.Exists(pair.Key)))
        {
            message = message.Replace(target + Path.DirectorySeparatorChar, root.Length == 0 ? "" : root + "/", StringComparison.Ordinal)
                .Replace(target, root.Length == 0 ? "." : root, StringComparison.Ordinal);
        }

        return finding with
        {
            Path = written.GetValueOrDefault(finding.Path, finding.Path),
            OtherPath = finding.OtherPath is null ? null : written.GetValueOrDefault(finding.OtherPath, finding.OtherPath),
            Message = message,
        };
    }
}
