using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Samples.Defects;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Draws photos of water meters with exact masks, for demonstrations and tests.</summary>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Writes images/ and masks/ into a folder: round dials with a digit window at any angle, glass, dirt, light, blur and pipes. A mask
/// is 255 exactly where the center of a pixel is in the window.</para>
/// <para>The same seed, count and size produce the same bytes on one system. On another, single pixels of a photo may differ by one level,
/// because its JPEG encoder rounds differently. Below 120 pixels a window may have fewer than the 100 pixels that Test-WmsDataset requires
/// of a mask.</para>
/// <para>-Defect adds pairs with one defect each; the clean pairs stay the same to the byte. The files are named defect-photo-truncated,
/// defect-mask-empty and so on; a duplicate photo takes two pairs, defect-photo-duplicate and defect-photo-duplicate-second.
/// MaskOfWholeMeter and MaskLine are outliers that a check finds only among 20 or more sound masks. A pair with a defect has no
/// DatasetSample, since it may lack a photo or a mask: after the clean pairs, the cmdlet returns one PlantedDefect for each, with the
/// Check, Severity, Name and Path of the one finding that Test-WmsDataset reports for it.</para>
/// </remarks>
/// <example><para>Draw 40 photos and check them.</para><code>New-WmsSampleDataset ./meters; Test-WmsDataset ./meters</code></example>
/// <example><para>Draw 200 smaller photos that differ from the first ones.</para>
/// <code>New-WmsSampleDataset ./more -Count 200 -Size 320 -Seed 7 | Measure-Object Coverage -Average</code></example>
/// <example><para>Show that a check finds each kind of defect, and nothing else.</para>
/// <code>
/// $planted = New-WmsSampleDataset ./faulty -Count 10 -Defect All | Where-Object { $_ -is [WaterMeters.PlantedDefect] }
/// Compare-Object $planted (Test-WmsDataset ./faulty -PerFinding) -Property Check, Severity, Name, Path -IncludeEqual
/// </code></example>
[Cmdlet(VerbsCommon.New, "WmsSampleDataset", SupportsShouldProcess = true)]
[OutputType(typeof(DatasetSample), typeof(PlantedDefect))]
public sealed class NewWmsSampleDatasetCommand : WmsCmdlet
{
    /// <summary>The folder to write to. It is created if it does not exist.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("OutputPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Number of photos to draw.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int Count { get; set; } = 40;

    /// <summary>Longer edge of a photo, in pixels.</summary>
    [Parameter]
    [ValidateRange(64, 8192)]
    public int Size { get; set; } = 640;

    /// <summary>Random seed: the same seed draws the same photos.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Defects to add beside the clean pairs: one, several or All.</summary>
    [Parameter]
    [SeveralValues]
    public SampleDefect[] Defect { get; set; } = [];

    /// <summary>Replaces photos of the same names.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override object ErrorTarget => Path;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string folder = ResolvePath(Path);
        var options = new SampleOptions { Count = Count, Size = Size, Seed = Seed, Defects = Defect, Force = Force };

        // Before ShouldProcess: neither -WhatIf nor -Confirm may offer what would fail.
        RunOnWorker(worker =>
        {
            _ = DefectPlanter.Plant(folder, options, worker.Stopping);
            _ = SampleDataset.Write(folder, options, null, worker.Stopping);
        });
        string withDefects = Defect.Length == 0 ? "" : $" and the defects {string.Join(", ", Defect)}";
        if (!ShouldProcess(folder, $"Draw {Count} photos with masks{withDefects}")) return;
        RunOnWorker(worker =>
        {
            int done = 0;
            var defects = DefectPlanter.Plant(folder, options, worker.Stopping);
            foreach (var files in SampleDataset.Write(folder, options, null, worker.Stopping))
            {
                string name = System.IO.Path.GetFileNameWithoutExtension(files.ImagePath);
                var sample = DatasetReader.Read(new SamplePair(name, files.ImagePath, files.MaskPath), new SplitRule());
                worker.Post(() => WriteObject(sample));
                worker.ReportCount("Drawing photos", ++done, Count, "photos");
            }

            foreach (var planted in defects) worker.Post(() => WriteObject(planted));
        });
    }
}
