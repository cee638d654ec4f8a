using System.Management.Automation;
using WaterMeters.Ml.Datasets.Repairs;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Mends the files of a data set of which it is clear what was meant.</summary>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso cref="MergeWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>A mask becomes a grey PNG of 0 and 255, as large as its photo: a JPEG mask that is grey at its edges alone (127 and more is meter; NAME.jpg becomes NAME.png), a mask of 16 bits, with a palette, or transparent where it is black and opaque where it is white, a mask drawn on the photo before EXIF turned it, and one that is off by the rounding of a size (two pixels, or 0.5 % of each side). A photo of 16 bits or with a palette becomes a plain PNG of the same pixels, and keeps its part. All else needs a person and is not touched.</para>
/// <para>A file stays until the one that replaces it is on the disk, read back and compared; with -BackupPath a copy of it stays for good. One that ends half way, however it ends, is finished by running it again.</para>
/// <para>A file that could be mended but for another one in the way is told with the Outcome Left; so is a mask to be turned while others may lie upside down. After it Test-WmsDataset has no more of the findings that Repairs names.</para>
/// </remarks>
/// <example><para>Shows what could be mended.</para><code>Repair-WmsDataset ./meters -WhatIf</code></example>
/// <example><para>Mends a data set, keeps the files as they were, and checks what is left to do.</para><code>Repair-WmsDataset ./meters -BackupPath ./meters-before | Group-Object Repairs -NoElement; Test-WmsDataset ./meters -PerFinding</code></example>
[Cmdlet(VerbsDiagnostic.Repair, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetRepair))]
public sealed class RepairWmsDatasetCommand : PathCmdlet
{
    /// <summary>A folder for copies of the files as they were, under the folders and names they have; a name that another file took gets a number. It is made when it is not there.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>Turns masks even where others of the set may lie upside down (OrientationDiffers), which Test-WmsDataset could not tell any more.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureIsFinal => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string[] folders = IsNamed ? [.. Paths()] : [Absolute(".")];
        string? backup = BackupPath is null ? null : Absolute(BackupPath);
        foreach (string folder in folders) Repair(folder, new DatasetRepairer(backup, Force));
    }

    private void Repair(string folder, DatasetRepairer repairer)
    {
        IReadOnlyList<RepairStep> steps = [];
        RunOnWorker(worker =>
        {
            try
            {
                steps = repairer.Plan(folder, (done, of) => worker.Report("Looking at " + folder, $"{done} of {of} pairs", percent: (int)(100L * done / of)), worker.Stopping);
            }
            catch (DatasetException e)
            {
                // One folder that is no data set leaves the others.
                worker.Post(() => WriteError(WmsErrors.From(e)));
            }
        });
        var wanted = steps.Where(step => step.Refusal is not null || ShouldProcess(step.OldPath, step.Description)).ToList();
        if (wanted.Count == 0) return;
        RunOnWorker(worker =>
        {
            int done = 0;
            foreach (var record in repairer.Apply(wanted, worker.VerboseFirst, worker.Stopping))
            {
                worker.Post(() => WriteObject(record));
                worker.Report("Mending files", $"{++done} of {wanted.Count}", percent: (int)(100L * done / wanted.Count));
            }
        });
    }
}
