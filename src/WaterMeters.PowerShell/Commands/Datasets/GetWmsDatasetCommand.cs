using System.Management.Automation;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Lists the pairs of photo and mask of a data set.</summary>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso cref="SplitWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>A data set is a folder with images/ and masks/; a photo and its mask share their name without extension. A photo's part (Train, Validation, Test) follows from the SHA-256 of its file, so it never moves when photos are added. What Split-WmsDataset stored of single photos comes before that: one that resembles another is where that one is, and one between two parts is in none (Aside). A split file is heard first.</para>
/// </remarks>
/// <example><para>Counts the photos of each part.</para><code>Get-WmsDataset ./meters | Group-Object Split -NoElement</code></example>
/// <example><para>Predicts the photos that no training has seen.</para><code>Get-WmsDataset ./meters | Where-Object Split -eq Test | Invoke-WmsPrediction -Model ./runs/first/model.safetensors</code></example>
[Cmdlet(VerbsCommon.Get, "WmsDataset", DefaultParameterSetName = ByPath)]
[OutputType(typeof(DatasetSample))]
public sealed class GetWmsDatasetCommand : PathCmdlet
{
    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? SplitPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string[] folders = IsNamed ? [.. Paths()] : [Absolute(".")];
        string? split = SplitPath is null ? null : Absolute(SplitPath);
        RunOnWorker(worker =>
        {
            _ = SplitRule.For(SplitStore.Empty, split); // a bad split file is no folder's fault
            foreach (string folder in folders)
            {
                try
                {
                    Read(worker, folder, SplitRule.For(folder, split));
                }
                catch (DatasetException e)
                {
                    // One folder that is no data set leaves the others.
                    worker.Post(() => WriteError(WmsErrors.From(e)));
                }
            }
        });
    }

    private void Read(PipelineWorker worker, string folder, SplitRule rule)
    {
        foreach (var (sample, failure) in DatasetReader.ReadAll(folder, rule, worker.Stopping))
        {
            if (failure is not null) worker.Post(() => WriteError(WmsErrors.From(failure)));
            else worker.Post(() => WriteObject(sample));
        }
    }
}
