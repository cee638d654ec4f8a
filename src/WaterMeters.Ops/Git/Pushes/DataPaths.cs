using WaterMeters.Ml.Datasets;

namespace WaterMeters.Ops.Git.Pushes;

/// <summary>
/// Tells training data from other files by their paths: photos and masks in the folder of the data set, and .dvc files. If wms.yaml names
/// no data set, that is the folder data, and every folder that has both images and masks.
/// </summary>
/// <param name="folder">The folder of the data set, empty for the top of the repository; null if it is unknown.</param>
/// <param name="isDataset">Returns whether a folder has images and masks; it is asked outside of the folder data only.</param>
internal sealed class DataPaths(string? folder, Func<string, bool> isDataset)
{
    private const string DefaultFolder = "data", Split = "split";
    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns whether a change may be one of training data in any project: what is not needs neither the remote nor its settings.
    /// </summary>
    public static bool MayBeData(TreeChange change) =>
        MayBeData(change.Path) || change.Old?.IsSubmodule == true || change.New is { IsSubmodule: true } or { IsLink: true };

    /// <summary>Returns whether a file may be one of training data.</summary>
    public static bool MayBeData(string path) => IsPhoto(path) || IsDvcFile(path);

    /// <summary>Returns what a changed file is.</summary>
    public DataKind KindOf(TreeChange change)
    {
        if (change.Old?.IsSubmodule == true || change.New?.IsSubmodule == true)
        {
            return IsAround(change.Path) ? DataKind.Submodule : DataKind.None;
        }

        var kind = KindOf(change.Path);
        return kind == DataKind.None && change.New?.IsLink == true && IsLinkToData(change.Path) ? DataKind.Link : kind;
    }

    /// <summary>Returns what a file is by its path.</summary>
    public DataKind KindOf(string path)
    {
        if (IsDvcFile(path)) return DataKind.DvcFile;
        if (!IsPhoto(path) || !IsInDataset(path)) return DataKind.None;
        string name = Name(Parent(path));
        bool isRead = PhotoFolder.IsPhotoName(path) && !IsHiddenName(Name(path));
        return !isRead ? DataKind.NotRead
            : IsNamed(name, "images") ? DataKind.Photo
            : IsNamed(name, "masks") ? DataKind.Mask
            : DataKind.NotInDataset;
    }

    /// <summary>Returns the folder of the data set that a photo or mask is in.</summary>
    public static string RootOf(string path) => Parent(Parent(path));

    /// <summary>Returns whether a file belongs to the stored split of a data set: it goes where its photos go.</summary>
    public static bool IsSplit(string path, string root)
    {
        string prefix = root.Length == 0 ? "" : root + "/";
        return path.StartsWith(prefix, StringComparison.Ordinal)
            && path[prefix.Length..].StartsWith(Split + "/", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Returns whether a file is directly in the folder images or masks of a data set.</summary>
    public static bool IsPairFile(string path, string root, out bool isMask)
    {
        string parent = Parent(path);
        isMask = IsNamed(Name(parent), "masks");
        return (isMask || IsNamed(Name(parent), "images")) && Parent(parent) == root
            && PhotoFolder.IsPhotoName(path) && !IsHiddenName(Name(path));
    }

    /// <summary>The folder that a file is in; empty for the top.</summary>
    public static string FolderOf(string path) => Parent(path);

    /// <summary>The path of a folder in another.</summary>
    public static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    /// <summary>The last part of a path.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Parent(string path) => path.LastIndexOf('/') is var at and >= 0 ? path[..at] : "";

    private static bool IsNamed(string name, string folder) => name.Equals(folder, StringComparison.OrdinalIgnoreCase);

    private static bool IsHiddenName(string name) =>
        name.StartsWith('.') || name.StartsWith("~$", StringComparison.Ordinal);

    private static bool IsPhoto(string path) => PhotoFolder.IsPhotoName(path) || PhotoFolder.IsOtherFormat(path);

    private static bool IsDvcFile(string path) =>
        path.EndsWith(".dvc", StringComparison.OrdinalIgnoreCase) && Name(path).Length > ".dvc".Length;

    private bool IsInDataset(string path)
    {
        if (folder is { Length: > 0 }) return IsBelow(path, folder);
        string parent = Parent(path);
        bool isPairFolder = IsNamed(Name(parent), "images") || IsNamed(Name(parent), "masks");
        if (folder is not null) return IsNamed(path.Split('/')[0], "images") || IsNamed(path.Split('/')[0], "masks");
        if (IsBelow(path, DefaultFolder)) return true;
        if (!isPairFolder) return false;
        string root = Parent(parent);
        if (!known.TryGetValue(root, out bool isOne)) known[root] = isOne = isDataset(root);
        return isOne;
    }

    /// <summary>A link at, in or around the data set, or in the place of the images or masks of another.</summary>
    private bool IsLinkToData(string path)
    {
        string name = Name(path);
        return IsAround(path)
            || (folder is null && (IsNamed(name, "images") || IsNamed(name, "masks")) && isDataset(Parent(path)));
    }

    /// <summary>A submodule at, in or around the data set hides what changes in it.</summary>
    private bool IsAround(string path)
    {
        string data = folder ?? DefaultFolder;
        return data.Length == 0
            ? IsNamed(path.Split('/')[0], "images") || IsNamed(path.Split('/')[0], "masks")
            : IsBelow(path, data) || IsBelow(data, path) || path.Equals(data, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsBelow(string path, string folder) =>
        path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.OrdinalIgnoreCase);
}
