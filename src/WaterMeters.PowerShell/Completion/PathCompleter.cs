using System.Management.Automation;

namespace WaterMeters.PowerShell.Completion;

/// <summary>Paths of one kind below the folder that is typed so far, then the folders to go on through.</summary>
internal abstract class PathCompleter : WmsCompleter
{
    /// <summary>Levels of folders to look into.</summary>
    protected abstract int Depth { get; }

    /// <summary>Extensions of the files to look for.</summary>
    protected virtual string[] Extensions => [];

    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> Suggest(CompletionWord word)
    {
        var (typed, start) = Split(word.Value);
        if (SessionPaths.Resolve(typed.Length == 0 ? "." : typed) is not { } root) return [];

        var contents = FolderScan.Look(root, Depth, Extensions);
        var wanted = from path in Wanted(contents)
                     where path.StartsWith(start, StringComparison.OrdinalIgnoreCase) || (typed.Length == 0 && Path.GetFileName(path).StartsWith(start, StringComparison.OrdinalIgnoreCase))
                     select Result(path, Extensions.Length > 0 ? CompletionResultType.ProviderItem : CompletionResultType.ProviderContainer);
        var folders = from folder in contents.Count > 0 && contents[0].Relative.Length == 0 ? contents[0].Folders : []
                      where folder.StartsWith(start, StringComparison.OrdinalIgnoreCase)
                      orderby folder
                      select Result(folder, CompletionResultType.ProviderContainer);
        return wanted.Concat(folders);

        CompletionResult Result(string path, CompletionResultType type) => word.Result(Typable(typed, path), path, type, Path.Join(root, path));
    }

    /// <summary>The paths to offer, relative, the likeliest first.</summary>
    protected abstract IEnumerable<string> Wanted(IReadOnlyList<FolderContents> contents);

    /// <summary>The folder that is typed already, and the beginning of a name in it.</summary>
    private static (string Typed, string Start) Split(string value)
    {
        if (value is "." or ".." or "~") return (value + Path.DirectorySeparatorChar, "");
        int end = value.LastIndexOfAny(['/', '\\']);
        if (end < 0) end = value.IndexOf(':', StringComparison.Ordinal);
        return (value[..(end + 1)], value[(end + 1)..]);
    }

    // As a beginning, a tilde is the home folder and a colon a drive.
    private static string Typable(string typed, string path) =>
        typed.Length == 0 && (path[0] is '~' or '-' || path.Contains(':', StringComparison.Ordinal)) ? Path.Join(".", path) : typed + path;
}
