using System.Management.Automation;
using WaterMeters.Ops.Versioning;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Base of the cmdlets for published versions: their paths need not exist, because the files may be elsewhere.</summary>
public abstract class VersionCmdlet : PathCmdlet
{
    private const string DvcExtension = ".dvc";
    private static readonly string[] Folders = ["images", "masks"];

    private readonly List<string> paths = [];

    /// <summary>
    /// Name of the remote in .dvc/config. Credentials are read as other AWS tools do, or from the settings of the remote.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "the remote of the .dvc file, storage.remote of wms.yaml, or core.remote")]
    [ValidateNotNullOrEmpty]
    public string? Remote { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!IsPathGiven) return;
        foreach (string path in GivenPaths.SelectMany(Resolve)) paths.AddRange(Parts(path));
    }

    /// <summary>Returns the files and folders of the call, each once; without a path, those of the project's data set.</summary>
    private protected IReadOnlyList<string> VersionPaths()
    {
        if (!IsPathGiven && !MyInvocation.ExpectingInput && TryProjectFolder(out string? folder, mustExist: false))
        {
            paths.AddRange(Parts(folder ?? ResolvePath(".")));
        }

        return [.. paths.Distinct(PathComparer)];
    }

    /// <summary>Shows the progress of a transfer: files, bytes, and the time left.</summary>
    internal static Action<TransferState> Reporter(PipelineWorker worker) => state =>
    {
        string bytes = state.TotalBytes > 0 ? FormattableString.Invariant($", {state.Bytes >> 20} of {state.TotalBytes >> 20} MB") : "";
        worker.Report(
            state.Work,
            FormattableString.Invariant($"{state.Files} of {state.TotalFiles} files{bytes}"),
            state.Percent,
            state.Left is { } left ? (int)left.TotalSeconds : -1);
    };

    /// <summary>
    /// Returns what is called before each step: it writes a verbose message if one is wanted, and waits until it is written.
    /// </summary>
    private protected Action<string> Announcer(PipelineWorker worker)
    {
        bool isVerbose = MyInvocation.BoundParameters.TryGetValue("Verbose", out object? given)
            ? given is SwitchParameter { IsPresent: true }
            : LanguagePrimitives.TryConvertTo(GetVariableValue("VerbosePreference"), out ActionPreference preference)
                && preference != ActionPreference.SilentlyContinue;
        return isVerbose ? worker.VerboseFirst : _ => { };
    }

    /// <summary>A name without wildcards that was published is taken as it is; files may be missing here.</summary>
    private IEnumerable<string> Resolve(string path)
    {
        bool isLiteral = LiteralPath is not null || !WildcardPattern.ContainsWildcardCharacters(path);
        if (!isLiteral) return ExpandWildcards(path);
        if (!TryResolvePath(LiteralPath is null ? WildcardPattern.Unescape(path) : path, out string absolute, out var error))
        {
            WriteError(error);
            return [];
        }

        if (System.IO.Path.Exists(absolute) || File.Exists(absolute + DvcExtension) || HasParts(absolute) || IsOfHistory) return [absolute];
        WriteError(WmsErrors.PathNotFound(path, Location));
        return [];
    }

    /// <summary>Whether the version is one of git, which may have what is not here any more.</summary>
    private protected virtual bool IsOfHistory => false;

    private static bool HasParts(string path) => Parts(path) is not [var only] || only != path;

    /// <summary>Returns the folders of a data set that is not published as a whole; any other path alone.</summary>
    private static string[] Parts(string path)
    {
        if (File.Exists(path) || File.Exists(path + DvcExtension)) return [path];
        string[] parts = [.. Folders.Select(folder => System.IO.Path.Combine(path, folder))
            .Where(part => Directory.Exists(part) || File.Exists(part + DvcExtension))];
        return parts.Length > 0 ? parts : [path];
    }
}
