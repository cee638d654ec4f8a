using System.IO.Enumeration;

namespace WaterMeters.Ml.Datasets;

/// <summary>
/// The files of one folder of photos or masks. Hidden and temporary files are left out, as phones and computers write them beside
/// photos (<c>._a.jpg</c>, <c>.trashed-1-a.jpg</c>, <c>~$a.jpg</c>), and so are images of formats that are not read.
/// </summary>
public sealed class PhotoFolder
{
    /// <summary>The extensions that are read, in lower case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jfif", ".png", ".webp"];

    /// <summary>Extensions of images that are not read, in lower case: what phones, cameras, scanners and drawing programs write.</summary>
    private static readonly HashSet<string> OtherExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2", ".jpe", ".tif", ".tiff", ".bmp", ".dib", ".gif", ".ico", ".svg", ".psd", ".xcf",
        ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pgm", ".ppm", ".tga",
    };

    private PhotoFolder(string path, string[] photos, string[] hidden, string[] others) =>
        (Path, Photos, Hidden, OtherFormats) = (path, photos, hidden, others);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The photos or masks, ordered by name; the order is the same on every system.</summary>
    public string[] Photos { get; }

    /// <summary>Hidden and temporary files that are named like photos, ordered by name. They are left out.</summary>
    public string[] Hidden { get; }

    /// <summary>Images of formats that are not read, ordered by name. They are left out.</summary>
    public string[] OtherFormats { get; }

    /// <summary>One line that counts and names the images of formats that are not read; null if there are none.</summary>
    public string? OtherFormatsText => OtherFormats.Length == 0 ? null
        : $"'{Path}' has {OtherFormats.Length} images of formats that are not read ({Summarize(OtherFormats)}). "
            + "Save them as JPEG or PNG.";

    /// <summary>One line that counts the hidden and temporary files; null if there are none.</summary>
    public string? HiddenText => Hidden.Length == 0 ? null
        : $"Left out {Hidden.Length} hidden or temporary files in '{Path}', such as '{NameOf(Hidden[0])}'.";

    /// <summary>One line that counts and names all files that were left out; null if there are none.</summary>
    public string? LeftOut
    {
        get
        {
            string text = string.Join(' ', new[] { OtherFormatsText, HiddenText }.OfType<string>());
            return text.Length == 0 ? null : text;
        }
    }

    /// <summary>Returns the image of a format that is not read with the name of a file, without extension; null for none.</summary>
    internal string? OtherFormatOf(string path)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        return Array.Find(OtherFormats, other =>
            string.Equals(System.IO.Path.GetFileNameWithoutExtension(other), name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Lists a folder.</summary>
    /// <exception cref="DatasetException">The folder cannot be listed.</exception>
    public static PhotoFolder List(string folder)
    {
        var (photos, hidden, others) = (new List<string>(), new List<string>(), new List<string>());
        try
        {
            foreach (var (file, isHidden) in Enumerate(folder))
            {
                if (isHidden && (IsPhotoName(file) || IsOtherFormat(file))) hidden.Add(file);
                else if (IsPhotoName(file)) photos.Add(file);
                else if (IsOtherFormat(file)) others.Add(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DatasetListing.CannotList(folder, e);
        }

        return new PhotoFolder(folder, Ordered(photos), Ordered(hidden), Ordered(others));
    }

    /// <summary>Returns whether a file has the extension of a photo.</summary>
    public static bool IsPhotoName(string path) => Extensions.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns whether a file has the extension of an image format that is not read.</summary>
    public static bool IsOtherFormat(string path) => OtherExtensions.Contains(System.IO.Path.GetExtension(path));

    /// <summary>Returns whether a file is hidden or temporary, by its name or, on Windows and macOS, by its attributes.</summary>
    public static bool IsHidden(string path)
    {
        if (IsHiddenName(System.IO.Path.GetFileName(path.AsSpan()))) return true;
        try
        {
            return !OperatingSystem.IsLinux() && (File.GetAttributes(path) & (FileAttributes.Hidden | FileAttributes.System)) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false; // reading it fails too, and says why
        }
    }

    /// <summary>Returns counts by extension and the first name: ".heic: 2, .tif: 1, such as 'b.heic'".</summary>
    public static string Summarize(IReadOnlyList<string> files)
    {
        var counts = files.GroupBy(file => System.IO.Path.GetExtension(file).ToLowerInvariant(), StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key}: {group.Count()}");
        return $"{string.Join(", ", counts)}, such as '{NameOf(files[0])}'";
    }

    private static string NameOf(string file) => System.IO.Path.GetFileName(file);

    /// <summary>A dot hides a file on Linux, macOS and phones, wherever it is copied; ~$ is the lock file of an office program.</summary>
    private static bool IsHiddenName(ReadOnlySpan<char> name) =>
        name.StartsWith('.') || name.StartsWith("~$", StringComparison.Ordinal);

    private static FileSystemEnumerable<(string File, bool IsHidden)> Enumerate(string folder) => new(
        folder,
        (ref FileSystemEntry entry) => (entry.ToSpecifiedFullPath(), IsHiddenName(entry.FileName) || entry.IsHidden || IsSystem(ref entry)),
        new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
    };

    private static bool IsSystem(ref FileSystemEntry entry) =>
        OperatingSystem.IsWindows() && entry.Attributes.HasFlag(FileAttributes.System);

    private static string[] Ordered(List<string> files) =>
    [
        .. files.OrderBy(System.IO.Path.GetFileName, StringComparer.OrdinalIgnoreCase).ThenBy(path => path, StringComparer.Ordinal),
    ];
}
