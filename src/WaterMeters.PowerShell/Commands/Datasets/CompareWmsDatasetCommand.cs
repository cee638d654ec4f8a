using System.Management.Automation;
using WaterMeters.Ops.Versioning;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Lists the files that were added, removed or changed between two versions of a data set.</summary>
/// <seealso cref="PublishWmsDatasetCommand"/>
/// <seealso cref="RestoreWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Versions"/>
/// <remarks>
/// <para>Without -From and -To, compares the published version with the files that are here: what Publish-WmsDataset would publish. With
/// -From, compares that version with the .dvc file as it is now, or with -To. Only the listings are needed for this, not the files of the
/// versions. Nothing is written.</para>
/// <para>Split is the part of the split that a photo belongs to. It follows from the content of the photo, so it is empty if that is
/// neither in the folder nor in the cache, and for masks.</para>
/// <para>The path of a data set stands for its folders images and masks, unless it was published as a whole.</para>
/// </remarks>
/// <example><para>List what has changed since the last version.</para>
/// <code>Compare-WmsDataset ./published</code></example>
/// <example><para>Count the new photos of each part since an older version.</para>
/// <code>
/// Compare-WmsDataset ./published/images -From ./older/images.dvc |
///     Where-Object Change -eq Added | Group-Object Split -NoElement
/// </code></example>
[Cmdlet(VerbsData.Compare, "WmsDataset", DefaultParameterSetName = ByPath)]
[OutputType(typeof(DatasetChange))]
public sealed class CompareWmsDatasetCommand : VersionCmdlet
{
    /// <summary>Files and folders to compare, their .dvc files, or a data set. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PSDefaultValue(Help = "dataset.path of wms.yaml, or the current location")]
    [PathOf("DataPath", "Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"])]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <summary>The older version: a commit, a branch, a tag, or a .dvc file.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the .dvc file as it is now")]
    [ValidateNotNullOrEmpty]
    public string? From { get; set; }

    /// <summary>The newer version: a commit, a branch, a tag, or a .dvc file.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the files that are here; with -From, the .dvc file as it is now")]
    [ValidateNotNullOrEmpty]
    public string? To { get; set; }

    /// <inheritdoc/>
    private protected override bool IsOfHistory => From is not null && To is not null;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var paths = VersionPaths();
        if (paths.Count == 0 || !TryProjectRemote(out string? projectRemote)) return;
        var options = new CompareOptions
        {
            Paths = paths,
            From = Version(From),
            To = Version(To),
            Remote = Remote,
            ProjectRemote = projectRemote,
        };
        RunOnWorker(worker =>
        {
            var comparer = new DatasetComparer(options, Reporter(worker));
            foreach (var change in comparer.Compare(worker.Stopping)) worker.Post(() => WriteObject(change));
        });
    }

    /// <summary>A file is named relative to the session's location; everything else is a revision.</summary>
    private string? Version(string? given) =>
        given is not null && TryResolvePath(given, out string path, out _) && File.Exists(path) ? path : given;
}
