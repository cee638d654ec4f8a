using System.Management.Automation;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Merging;
using WaterMeters.Ml.Foundation;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Adds the pairs of data sets to another one, by their content.</summary>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso cref="RepairWmsDatasetCommand"/>
/// <seealso cref="GetWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Copies photos and masks; what they come from stays as it is, and nothing in the data set is replaced. A photo that is there already with the same mask, under any name and before or after a repair, is left out. What cannot join is told and stops nothing else: a photo that is there with another mask (MaskConflict), a name that another photo has (NameConflict), a pair that Test-WmsDataset finds an error in, a photo without a mask (Unusable). What the data are worth is an Outcome and never an error of the cmdlet.</para>
/// <para>No photo that was there changes its part. A new one that shows what others show goes into their part; one that shows what photos of two parts show is set aside. That is stored before its files appear. One that ends half way, however it ends, is finished by running it again.</para>
/// <para>-WhatIf says of each pair where it would go, and gives the records of those that would not be copied.</para>
/// </remarks>
/// <example><para>Adds new photos, and shows what did not join.</para><code>Merge-WmsDataset ./new -Destination ./meters | Where-Object Outcome -notin Added, AlreadyThere | Format-List Name, Outcome, Reason</code></example>
/// <example><para>Makes one data set of all that lie in a folder; photos of the same name get new ones.</para><code>Get-ChildItem ./deliveries -Directory | Merge-WmsDataset -Destination ./meters -Rename</code></example>
/// <example><para>Counts what would happen.</para><code>Merge-WmsDataset ./new -Destination ./meters -WhatIf | Group-Object Outcome -NoElement</code></example>
[Cmdlet(VerbsData.Merge, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetMerge))]
public sealed class MergeWmsDatasetCommand : PathCmdlet
{
    private readonly List<string> folders = [];

    /// <summary>The data set to add to; a folder that is not there yet, or is empty, becomes one.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    public string Destination { get; set; } = "";

    /// <summary>Gives a pair whose name is taken a free one: its own, a hyphen and the first eight digits of its photo's SHA-256.</summary>
    [Parameter]
    public SwitchParameter Rename { get; set; }

    /// <inheritdoc/>
    private protected override object WorksOn => Destination;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (IsNamed) folders.AddRange(Paths());
        else if (!MyInvocation.ExpectingInput) Fail(WmsErrors.NothingAt(""));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string destination = Absolute(Destination), location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        if (folders.Count == 0) return;
        string? cache = IsTrial ? null : UserFolder.Cache(location);
        MergePlan? plan = null;
        RunOnWorker(worker =>
        {
            void Warn(string message) => worker.Post(() => WriteWarning(message));
            var settings = CheckSettings.Read(NearestSettings(location, Warn), Warn);
            plan = new DatasetMerger(destination, settings, Rename, cache).Plan(
                folders,
                refused => worker.Post(() => WriteError(WmsErrors.From(refused))),
                (done, of) => worker.Report("Looking at the photos", $"{done} of {of} pairs", percent: (int)(100L * done / of)),
                worker.Stopping);
        });

        var wanted = new List<MergeStep>();
        foreach (var step in plan!.Steps)
        {
            if (!step.IsCopied) WriteObject(step.Record);
            else if (ShouldProcess(step.Record.ImagePath, step.Description)) wanted.Add(step);
        }

        // With nothing to copy there may still be a half-written file of a merge that was killed at its end.
        if (wanted.Count == 0 && (IsTrial || plan.Steps.Any(step => step.IsCopied))) return;
        RunOnWorker(worker =>
        {
            int done = 0;
            foreach (var record in plan.Apply(wanted, worker.VerboseFirst, worker.Stopping))
            {
                worker.Post(() => WriteObject(record));
                worker.Report("Copying pairs", $"{++done} of {wanted.Count}", percent: (int)(100L * done / wanted.Count));
            }
        });
    }
}
