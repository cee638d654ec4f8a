using System.Management.Automation;
using WaterMeters.Ops.Versioning;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Puts the files of a published version in place, from a folder or S3.</summary>
/// <seealso cref="PublishWmsDatasetCommand"/>
/// <seealso cref="CompareWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Versions"/>
/// <remarks>
/// <para>Reads the .dvc files that Publish-WmsDataset or DVC (2 or 3) wrote, and fetches what is missing. Every file is compared with its
/// hash before it is put in place, also one from the cache. Files that are right are not touched. Files that the version does not have are
/// removed only if they were published before; files that were never published stay, and one that is in the way ends the cmdlet before
/// anything is written. -Force replaces and removes them too.</para>
/// <para>To continue an interrupted call, run it again. If files are missing in the remote, the others are restored, and the error says
/// how many are missing.</para>
/// <para>The path of a data set stands for its folders images and masks, unless it was published as a whole.</para>
/// </remarks>
/// <example><para>Restore the photos and masks of a data set after git pull.</para>
/// <code>Restore-WmsDataset ./published</code></example>
/// <example><para>Show what would be restored.</para>
/// <code>Restore-WmsDataset ./published -WhatIf | Format-List Path, Outcome, WrittenCount</code></example>
[Cmdlet(VerbsData.Restore, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetRestore))]
public sealed class RestoreWmsDatasetCommand : VersionCmdlet
{
    /// <summary>Files and folders to restore, their .dvc files, or a data set. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PSDefaultValue(Help = "dataset.path of wms.yaml, or the current location")]
    [PathOf("DataPath", "Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"])]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <summary>A commit, a branch or a tag whose version is restored. The .dvc file is not changed.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the .dvc file as it is now")]
    [ValidateNotNullOrEmpty]
    public string? Revision { get; set; }

    /// <summary>Replaces and removes files that were never published.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override bool IsOfHistory => Revision is not null;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        bool isPreview = IsWhatIf;
        var confirmed = VersionPaths().Where(path => ShouldProcess(path, "Restore") || isPreview).ToList();
        if (confirmed.Count == 0 || !TryProjectRemote(out string? projectRemote)) return;
        var options = new RestoreOptions
        {
            Paths = confirmed,
            Remote = Remote,
            ProjectRemote = projectRemote,
            Revision = Revision,
            Force = Force,
            IsPreview = isPreview,
        };
        RunOnWorker(worker =>
        {
            var restorer = new DatasetRestorer(options, Reporter(worker)) { Announce = Announcer(worker), Warn = worker.Warn };
            foreach (var restored in restorer.Restore(worker.Stopping)) worker.Post(() => WriteObject(restored));
        });
    }
}
