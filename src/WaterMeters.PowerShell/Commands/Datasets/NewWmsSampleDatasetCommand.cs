using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Samples;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Draws photos of water meters with exact masks, for demonstrations and tests.</summary>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Writes images/ and masks/ into a folder: round dials with a digit window at any angle, glass, dirt, light, blur and pipes. A mask is 255 exactly where the centre of a pixel lies in the window.</para>
/// <para>The same seed, count and size give the same bytes.</para>
/// </remarks>
/// <example><para>Draws 40 photos and checks them.</para><code>New-WmsSampleDataset ./meters; Test-WmsDataset ./meters</code></example>
/// <example><para>Draws 200 smaller photos, others than the first ones.</para><code>New-WmsSampleDataset ./more -Count 200 -Size 320 -Seed 7 | Measure-Object Coverage -Average</code></example>
[Cmdlet(VerbsCommon.New, "WmsSampleDataset", SupportsShouldProcess = true)]
[OutputType(typeof(DatasetSample))]
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

    /// <summary>Replaces photos of the same names.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string folder = Absolute(Path);
        if (!ShouldProcess(folder, $"Draw {Count} photos with masks")) return;
        RunOnWorker(worker =>
        {
            var options = new SampleOptions { Count = Count, Size = Size, Seed = Seed, Force = Force };
            int done = 0;
            foreach (var files in SampleDataset.Write(folder, options, null, worker.Stopping))
            {
                var sample = DatasetReader.Read(new SamplePair(System.IO.Path.GetFileNameWithoutExtension(files.ImagePath), files.ImagePath, files.MaskPath), new SplitRule());
                worker.Post(() => WriteObject(sample));
                worker.Report(new ProgressRecord(1, "Drawing photos", $"{++done} of {Count}") { PercentComplete = 100 * done / Count });
            }
        });
    }
}
