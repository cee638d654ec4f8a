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
/// <para>Writes images/ and masks/ into a folder: round dials with a digit window at any angle, glass, dirt, light, blur and pipes. A mask is 255 exactly where the centre of a pixel lies in the window.</para>
/// <para>The same seed, count and size give the same bytes. Below 120 pixels a window may have fewer than the 100 pixels that Test-WmsDataset asks of a mask.</para>
/// <para>-Defect plants faults, each in a pair of its own beside the clean ones, which stay the same to the byte: files named defect-photo-truncated, defect-mask-empty and so on. A photo that is there twice takes two pairs, defect-photo-duplicate and defect-photo-duplicate-second. MaskOfWholeMeter and MaskLine are far from the rest, and found among 20 sound masks or more. A pair with a fault has no DatasetSample, for it may lack a photo or a mask: after the clean pairs a PlantedDefect comes for each, with the Check, Severity, Name and Path of the one finding that Test-WmsDataset has of it.</para>
/// </remarks>
/// <example><para>Draws 40 photos and checks them.</para><code>New-WmsSampleDataset ./meters; Test-WmsDataset ./meters</code></example>
/// <example><para>Draws 200 smaller photos, others than the first ones.</para><code>New-WmsSampleDataset ./more -Count 200 -Size 320 -Seed 7 | Measure-Object Coverage -Average</code></example>
/// <example><para>Shows what a check finds in a set with one fault of each kind, and that it finds nothing else.</para><code>$planted = New-WmsSampleDataset ./faulty -Count 10 -Defect All | Where-Object { $_ -is [WaterMeters.PlantedDefect] }
/// Compare-Object $planted (Test-WmsDataset ./faulty -PerFinding) -Property Check, Severity, Name, Path -IncludeEqual</code></example>
[Cmdlet(VerbsCommon.New, "WmsSampleDataset", SupportsShouldProcess = true)]
[OutputType(typeof(DatasetSample), typeof(PlantedDefect))]
public sealed class NewWmsSampleDatasetCommand : WmsCmdlet
{
    /// <summary>The folder to write into; it is made when it is not there.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>How many photos to draw.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int Count { get; set; } = 40;

    /// <summary>Longer edge of a photo, pixels.</summary>
    [Parameter]
    [ValidateRange(64, 8192)]
    public int Size { get; set; } = 640;

    /// <summary>Chooses the photos: the same seed draws the same ones.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Faults to plant beside the clean pairs: one, several or All.</summary>
    [Parameter]
    public SampleDefect[] Defect { get; set; } = [];

    /// <summary>Replaces photos of the same names.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override object WorksOn => Path;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string folder = Absolute(Path);
        var options = new SampleOptions { Count = Count, Size = Size, Seed = Seed, Defects = Defect, Force = Force };

        // Before anybody is asked: what would be refused is not offered, by -WhatIf neither.
        RunOnWorker(worker =>
        {
            _ = DefectPlanter.Plant(folder, options, worker.Stopping);
            _ = SampleDataset.Write(folder, options, null, worker.Stopping);
        });
        if (!ShouldProcess(folder, $"Draw {Count} photos with masks{(Defect.Length == 0 ? "" : $" and the defects {string.Join(", ", Defect)}")}")) return;
        RunOnWorker(worker =>
        {
            int done = 0;
            var defects = DefectPlanter.Plant(folder, options, worker.Stopping);
            foreach (var files in SampleDataset.Write(folder, options, null, worker.Stopping))
            {
                var sample = DatasetReader.Read(new SamplePair(System.IO.Path.GetFileNameWithoutExtension(files.ImagePath), files.ImagePath, files.MaskPath), new SplitRule());
                worker.Post(() => WriteObject(sample));
                worker.Report("Drawing photos", $"{++done} of {Count}", percent: (int)(100L * done / Count));
            }

            foreach (var planted in defects) worker.Post(() => WriteObject(planted));
        });
    }
}
