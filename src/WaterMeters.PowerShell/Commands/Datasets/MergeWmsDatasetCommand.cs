using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Merging;
using WaterMeters.Ml.Foundation;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Adds the pairs of data sets to another data set, compared by content.</summary>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso cref="RepairWmsDatasetCommand"/>
/// <seealso cref="GetWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Copies photos and masks. The sources are not changed, and nothing in the destination is replaced. A photo that the destination
/// already has with the same mask is skipped, under any name and before or after a repair. Pairs that cannot be added are reported and
/// do not stop the others: a photo that exists with another mask (MaskConflict), a name that another photo has (NameConflict), a pair in
/// which Test-WmsDataset finds an error, or a photo without a mask (Unusable). These are values of Outcome, not errors of the
/// cmdlet.</para>
/// <para>No existing photo changes its part. A new photo that resembles existing ones goes into their part; one that resembles photos of
/// two parts is set aside. The split overrides of a source go with its photos: a new photo that resembles another, or was set aside, stays
/// so. This is stored before its files are copied. To complete an interrupted merge, run it again.</para>
/// <para>A pair of which a file cannot be written is an error and Unusable; the others are copied. If the disk is full, the merge
/// ends.</para>
/// <para>-Publish takes the published version of the destination: its files are restored first, and what the merge makes of them is
/// published (about_WaterMeters_Versions).</para>
/// <para>-WhatIf returns the same records, with the Outcome WouldAdd or WouldRename for pairs that would be copied.</para>
/// </remarks>
/// <example><para>Add new photos, and show those that were not added.</para>
/// <code>
/// Merge-WmsDataset ./new -Destination ./meters |
///     Where-Object Outcome -notin Added, AlreadyThere | Format-List Name, Outcome, Reason
/// </code></example>
/// <example><para>Merge all data sets in a folder; photos with a name that is taken are renamed.</para>
/// <code>Get-ChildItem ./deliveries -Directory | Merge-WmsDataset -Destination ./meters -Rename</code></example>
/// <example><para>Add new photos to the published version of a data set, as a build step.</para>
/// <code>Merge-WmsDataset ./more -Destination ./published -Publish</code></example>
/// <example><para>Count what would happen.</para>
/// <code>Merge-WmsDataset ./new -Destination ./meters -WhatIf | Group-Object Outcome -NoElement</code></example>
[Cmdlet(VerbsData.Merge, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetMerge))]
public sealed partial class MergeWmsDatasetCommand : DatasetCmdlet
{
    private readonly List<string> folders = [];

    /// <summary>Folders of the data sets to add. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PathOf("DataPath", "Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"])]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <summary>The data set to add to. A folder that does not exist or is empty becomes a data set.</summary>
    [Parameter(Position = 1)]
    [PSDefaultValue(Help = "dataset.path of wms.yaml")]
    [Alias("OutputPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    public string Destination { get; set; } = "";

    /// <summary>
    /// Adds a pair whose name is taken under a new name: its own, a hyphen, and the first eight digits of the photo's SHA-256.
    /// </summary>
    [Parameter]
    public SwitchParameter Rename { get; set; }

    /// <summary>
    /// Restores the published version of the destination first, and publishes the result to its remote. Files of the destination that were
    /// never published stay, and are published too.
    /// </summary>
    [Parameter]
    public SwitchParameter Publish { get; set; }

    /// <inheritdoc/>
    private protected override object ErrorTarget => Destination;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (IsPathGiven) folders.AddRange(ResolvedPaths());
        else if (!MyInvocation.ExpectingInput) Fail(WmsErrors.PathNotFound("", Location));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string? destination = null;
        if (IsGiven(nameof(Destination))) destination = ResolvePath(Destination);
        else if (folders.Count == 0 || !TryProjectFolder(out destination, mustExist: false)) return;
        string location = Location;
        if (destination is null)
        {
            Fail(WmsErrors.NoDataset(location, nameof(Destination)));
            return;
        }

        if (folders.Count == 0) return;
        if (Publish) RestorePublished(destination);
        string? cache = IsWhatIf ? null : UserFolder.Cache(location);
        MergePlan? plan = null;
        RunOnWorker(worker =>
        {
            var settings = CheckSettings.Read(NearestSettings(location, worker.Warn), worker.Warn);
            foreach (string line in folders.SelectMany(DatasetListing.LeftOutIn)) worker.Warn(line);
            plan = new DatasetMerger(destination, settings, Rename, cache).Plan(
                folders, worker.Error, (done, total) => worker.ReportCount("Reading photos", done, total, "pairs"), worker.Stopping);
        });

        var steps = new List<MergeStep>();
        foreach (var step in plan!.Steps)
        {
            if (!step.IsCopied) WriteObject(step.Record);
            else if (ShouldProcess(step.Record.ImagePath, step.Description)) steps.Add(step);
            else if (IsWhatIf) WriteObject(MergePlan.Preview(step));
        }

        // Even with nothing to copy, a merge that was killed at its end may have left a half-written file to complete.
        if (steps.Count == 0 && (IsWhatIf || plan.Steps.Any(step => step.IsCopied))) return;
        ApplySteps(plan, steps);
        if (Publish) PublishMerged(destination);
    }

    private void ApplySteps(MergePlan plan, List<MergeStep> steps) =>
        RunOnWorker(worker =>
        {
            int done = 0;
            foreach (var record in plan.Apply(steps, worker.VerboseFirst, worker.Stopping, worker.Error))
            {
                worker.Post(() => WriteObject(record));
                worker.ReportCount("Copying pairs", ++done, steps.Count, "pairs");
            }
        });
}
