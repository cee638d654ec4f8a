using System.Management.Automation;
using WaterMeters.Ml.Datasets.Repairs;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Repairs data set files that have only one possible correction.</summary>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso cref="MergeWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Masks become gray PNG files of 0 and 255 in the size of their photo. Repaired are: a JPEG mask that is gray only at its edges
/// (127 and above becomes foreground; NAME.jpg becomes NAME.png); a mask of 16 bits, with a palette, or transparent where it is black and
/// opaque where it is white; a mask drawn before EXIF rotated the photo; and a mask whose size is off by rounding (two pixels, or 0.5 % of
/// each side). A photo of 16 bits or with a palette becomes a plain PNG of the same pixels and keeps its part. Everything else needs a
/// person and is not changed.</para>
/// <para>A file is removed only after its replacement is written, read back and compared; with -BackupPath a copy of it is kept. To
/// complete an interrupted repair, run it again.</para>
/// <para>A file that cannot be repaired because another file is in the way has the Outcome Left; so has a mask to be rotated if other
/// masks of the data set may be upside down. After a repair, Test-WmsDataset no longer reports the findings that Repairs lists.</para>
/// </remarks>
/// <example><para>Show what would be repaired.</para><code>Repair-WmsDataset ./meters -WhatIf</code></example>
/// <example><para>Repair a data set, keep copies of the original files, and check what remains.</para>
/// <code>
/// Repair-WmsDataset ./meters -BackupPath ./meters-before | Group-Object Repairs -NoElement
/// Test-WmsDataset ./meters -PerFinding
/// </code></example>
[Cmdlet(VerbsDiagnostic.Repair, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetRepair))]
public sealed class RepairWmsDatasetCommand : DatasetCmdlet
{
    /// <summary>
    /// A folder for copies of the original files, with their folders and names; a name that is taken gets a number. It is created if it
    /// does not exist.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>
    /// Rotates masks even if other masks of the data set may be upside down (OrientationDiffers), which Test-WmsDataset could not detect
    /// afterwards.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureTerminates => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string[] folders = DatasetFolders();
        string? backup = BackupPath is null ? null : ResolvePath(BackupPath);
        foreach (string folder in folders) Repair(folder, new DatasetRepairer(backup, Force));
    }

    private void Repair(string folder, DatasetRepairer repairer)
    {
        IReadOnlyList<RepairStep> steps = [];
        RunOnWorker(worker =>
        {
            try
            {
                steps = repairer.Plan(
                    folder, (done, total) => worker.ReportCount("Reading " + folder, done, total, "pairs"), worker.Stopping);
            }
            catch (DatasetException e)
            {
                // One bad folder does not stop the others.
                worker.Error(e);
            }
        });
        var confirmed = steps.Where(step => step.Refusal is not null || ShouldProcess(step.OldPath, step.Description)).ToList();
        if (confirmed.Count == 0) return;
        RunOnWorker(worker =>
        {
            int done = 0;
            foreach (var record in repairer.Apply(confirmed, worker.VerboseFirst, worker.Stopping))
            {
                worker.Post(() => WriteObject(record));
                worker.ReportCount("Repairing files", ++done, confirmed.Count, "files");
            }
        });
    }
}
