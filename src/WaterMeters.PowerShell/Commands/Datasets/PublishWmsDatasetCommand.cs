using System.Management.Automation;
using WaterMeters.Ops.Versioning;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Publishes a version of photos and masks to a folder or S3, in the format of DVC 3.</summary>
/// <seealso cref="RestoreWmsDatasetCommand"/>
/// <seealso cref="CompareWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Versions"/>
/// <remarks>
/// <para>The files go to the cache and to the remote that .dvc/config names, and a small .dvc file beside the folder names the version. It
/// belongs into git; the folder itself does not, and is added to .gitignore. Teams can use this cmdlet and DVC in turn on the same
/// repository.</para>
/// <para>Only files that have changed since the last time are read, and only those that the remote does not have are sent. What the remote
/// has is looked up in each call, with a few lists, not with a request for each file. The files are sent first, then the listing of the
/// folder, and the .dvc files are written last, so that they never name a file that the remote does not have. To continue an interrupted
/// call, run it again.</para>
/// <para>-Add adds the files of a folder to the published version without the old files: only its listing is read. The folder itself is
/// not changed; Restore-WmsDataset brings the new files. For several paths, the folder must have a folder of the same name for each, such
/// as images and masks.</para>
/// <para>The path of a data set stands for its folders images and masks, unless it is published as a whole.</para>
/// </remarks>
/// <example><para>Publish the photos and masks of a data set.</para>
/// <code>Publish-WmsDataset ./data/training/images, ./data/training/masks</code></example>
/// <example><para>Show what would be published.</para>
/// <code>Publish-WmsDataset ./data/training -WhatIf | Format-List Path, Outcome, FileCount, SentCount</code></example>
/// <example><para>Add new photos and masks to the published version, as a build step that does not have the old ones.</para>
/// <code>Publish-WmsDataset ./published -Add ./more</code></example>
/// <example><para>Compare every file in the remote with its hash, and send damaged ones again.</para>
/// <code>Publish-WmsDataset ./published -Verify</code></example>
[Cmdlet(VerbsData.Publish, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetVersion))]
public sealed class PublishWmsDatasetCommand : VersionCmdlet
{
    /// <summary>Files and folders to publish, or a data set. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PSDefaultValue(Help = "dataset.path of wms.yaml, or the current location")]
    [PathOf("DataPath", "Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"])]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <summary>A folder with files to add to the published version, whose own files need not be here.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Add { get; set; }

    /// <summary>
    /// Compares every file of the version in the remote with its hash, and replaces those that are damaged. In S3 the service has computed
    /// most hashes already; other files are downloaded.
    /// </summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>Lets the files of -Add replace published files of the same name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string? add = Add is null ? null : ResolvePath(Add);
        if (add is not null && !Directory.Exists(add))
        {
            Fail(WmsErrors.PathNotFound(Add!, Location));
            return;
        }

        bool isPreview = IsWhatIf;
        var confirmed = VersionPaths().Where(path => ShouldProcess(path, add is null ? "Publish" : $"Add '{add}'") || isPreview).ToList();
        if (confirmed.Count == 0 || !TryProjectRemote(out string? projectRemote)) return;
        var options = new PublishOptions
        {
            Paths = confirmed,
            Remote = Remote,
            ProjectRemote = projectRemote,
            AddPath = add,
            Verify = Verify,
            Force = Force,
            IsPreview = isPreview,
        };
        RunOnWorker(worker =>
        {
            var publisher = new DatasetPublisher(options, Reporter(worker)) { Announce = Announcer(worker), Warn = worker.Warn };
            foreach (var version in publisher.Publish(worker.Stopping)) worker.Post(() => WriteObject(version));
        });
    }
}
