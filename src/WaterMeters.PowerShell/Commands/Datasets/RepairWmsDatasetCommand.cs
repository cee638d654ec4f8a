using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Repairs;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Repairs data set files that have only one possible correction.</summary>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso cref="MergeWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Masks become gray PNG files of 0 and 255 in the size of their photo. Repaired are: a JPEG or lossy WebP mask that is gray only at
/// its edges (127 and above becomes foreground; NAME.jpg becomes NAME.png); a mask of label numbers or two other values, of 16 bits, with a
/// palette, or transparent where it is black and opaque where it is white; a mask drawn before EXIF rotated the photo; and a mask whose
/// size is off by rounding (two pixels, or 0.5 % of each side). A photo of 16 bits or with a palette becomes a plain PNG of the same pixels
/// and keeps its part. Everything else needs a person and is not changed.</para>
/// <para>A mask of exactly two values becomes 0 and 255, whatever the values are: label numbers such as 0 and 1, or two indices of a
/// palette. What differs in a file must differ in its replacement: a mask of more values than two, and a photo that uses more than 8 of
/// its 16 bits, stay as they are.</para>
/// <para>A file is removed only after its replacement is written, read back and compared. A copy of the original is kept in the folder
/// originals of the data set, beside images and masks; the property BackupPath names it. No check reads this folder, and git ignores it.
/// -BackupPath names another folder, -NoBackup keeps no copies. To complete an interrupted repair, run it again.</para>
/// <para>A file that stays although a check names Repair-WmsDataset has the Outcome Left and a Reason: its replacement would lose
/// something, another file is in the way, or other masks of the data set may be upside down. With -WhatIf the Outcome is WouldRepair;
/// every file is read, so the records are those of the repair. After a repair, Test-WmsDataset no longer reports the findings that Repairs
/// lists.</para>
/// </remarks>
/// <example><para>Count what would be repaired.</para>
/// <code>Repair-WmsDataset ./meters -WhatIf | Group-Object Outcome, Repairs -NoElement</code></example>
/// <example><para>Repair a data set, keep the original files in another folder, and check what remains.</para>
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
    [PSDefaultValue(Help = "originals in the data set")]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>Keeps no copies of the original files.</summary>
    [Parameter]
    public SwitchParameter NoBackup { get; set; }

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
        if (NoBackup && BackupPath is not null)
        {
            ThrowTerminatingError(WmsErrors.From(new SettingsException(
                nameof(NoBackup), "-NoBackup and -BackupPath contradict each other. Use one of the two.")));
        }

        string[] folders = DatasetFolders();
        string? backup = BackupPath is null ? null : ResolvePath(BackupPath);
        foreach (string folder in folders)
        {
            Repair(folder, new DatasetRepairer(NoBackup ? null : backup ?? OriginalsFolder.PathFor(folder), Force));
        }
    }

    private void Repair(string folder, DatasetRepairer repairer)
    {
        IReadOnlyList<RepairStep> steps = [];
        RunOnWorker(worker =>
        {
            foreach (string line in DatasetListing.LeftOutIn(folder)) worker.Warn(line);
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
        if (IsWhatIf) confirmed = [.. steps];
        if (confirmed.Count == 0) return;
        int kept = 0;
        bool isPreview = IsWhatIf;
        RunOnWorker(worker =>
        {
            int done = 0;
            var records = isPreview
                ? repairer.Preview(confirmed, worker.Stopping)
                : repairer.Apply(confirmed, worker.VerboseFirst, worker.Stopping);
            foreach (var record in records)
            {
                worker.Post(() => WriteObject(record));
                worker.ReportCount("Repairing files", ++done, confirmed.Count, "files");
                if (record is { Outcome: RepairOutcome.Repaired, BackupPath: not null }) kept++;
            }
        });
        if (kept > 0 && BackupPath is null)
        {
            string path = OriginalsFolder.PathFor(folder);
            string line = FormattableString.Invariant($"Original files kept in '{path}': {kept}. ");
            WriteLine(line + "Delete them when the data set is right.", "WmsOriginals");
        }
    }
}
