using System.Management.Automation;

namespace WaterMeters.PowerShell.Completion;

/// <summary>Completes paths of one kind below the folder typed so far, then its subfolders.</summary>
internal abstract class PathCompleter : WmsCompleter
{
    /// <summary>Levels of folders to search.</summary>
    protected abstract int Depth { get; }

    /// <summary>Extensions of the files to list.</summary>
    protected virtual string[] Extensions => [];

    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> Suggest(CompletionWord word)
    {
        var (typed, start) = Split(word.Value);
        if (SessionPaths.Resolve(typed.Length == 0 ? "." : typed) is not { } root) return [];

        var contents = FolderScan.Read(root, Depth, Extensions);
        var type = Extensions.Length > 0 ? CompletionResultType.ProviderItem : CompletionResultType.ProviderContainer;
        var selected = from path in Select(contents)
                       where StartsWith(path) || (typed.Length == 0 && StartsWith(Path.GetFileName(path)))
                       select Result(path, type);
        var folders = from folder in contents.Count > 0 && contents[0].Relative.Length == 0 ? contents[0].Folders : []
                      where StartsWith(folder)
                      orderby folder
                      select Result(folder, CompletionResultType.ProviderContainer);
        return selected.Concat(folders);

        bool StartsWith(string path) => path.StartsWith(start, StringComparison.OrdinalIgnoreCase);

        CompletionResult Result(string path, CompletionResultType kind) =>
            word.Result(Typeable(typed, path), path, kind, Path.Join(root, path));
    }

    /// <summary>Returns the relative paths to offer, the most likely first.</summary>
    protected abstract IEnumerable<string> Select(IReadOnlyList<FolderContents> contents);

    /// <summary>Splits a path into its folder and the beginning of a name in it.</summary>
    private static (string Typed, string Start) Split(string value)
    {
        if (value is "." or ".." or "~") return (value + Path.DirectorySeparatorChar, "");
        int end = value.LastIndexOfAny(['/', '\\']);
        if (end < 0) end = value.IndexOf(':', StringComparison.Ordinal);
        return (value[..(end + 1)], value[(end + 1)..]);
    }

    // At the start of a path, a tilde would be the home folder, and a name with a colon a drive.
    private static string Typeable(string typed, string path) =>
        typed.Length == 0 && (path[0] is '~' or '-' || path.Contains(':', StringComparison.Ordinal)) ? Path.Join(".", path) : typed + path;
}
