using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.PowerShell.Completion;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Gets the pairs of photo and mask in a data set.</summary>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso cref="SplitWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>A data set is a folder with images/ and masks/. A photo and its mask have the same name without extension.</para>
/// <para>The SHA-256 of a photo's file determines its part (Train, Validation, Test), so a photo never moves when others are added.
/// Overrides that Split-WmsDataset stored take precedence: a photo that resembles another is in the same part, and one between two parts
/// is in none (Aside). A split file takes precedence over both.</para>
/// </remarks>
/// <example><para>Count the photos of each part.</para><code>Get-WmsDataset ./meters | Group-Object Split -NoElement</code></example>
/// <example><para>Predict the photos that no training has seen.</para>
/// <code>
/// Get-WmsDataset ./meters | Where-Object Split -eq Test |
///     Invoke-WmsPrediction -Model ./runs/first/model.safetensors
/// </code></example>
[Cmdlet(VerbsCommon.Get, "WmsDataset", DefaultParameterSetName = ByPath)]
[OutputType(typeof(DatasetSample))]
public sealed class GetWmsDatasetCommand : DatasetCmdlet
{
    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? SplitPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string[] folders = DatasetFolders();
        string? split = SplitPath is null ? null : ResolvePath(SplitPath);
        var splits = new Dictionary<string, string?>();
        foreach (string folder in folders)
        {
            string? ofProject = null;
            if (split is null && !TryProjectSplit(folder, out ofProject)) return;
            splits[folder] = split ?? ofProject;
        }

        RunOnWorker(worker =>
        {
            // An invalid split file fails once, not for each folder.
            foreach (string? file in splits.Values.Distinct()) _ = SplitRule.For(SplitStore.Empty, file);
            foreach (string folder in folders)
            {
                try
                {
                    Read(worker, folder, SplitRule.For(folder, splits[folder]));
                }
                catch (DatasetException e)
                {
                    // One bad folder does not stop the others.
                    worker.Error(e);
                }
            }
        });
    }

    private void Read(PipelineWorker worker, string folder, SplitRule rule)
    {
        foreach (string line in DatasetListing.LeftOutIn(folder)) worker.Warn(line);
        foreach (var (sample, failure) in DatasetReader.ReadAll(folder, rule, worker.Stopping))
        {
            if (failure is not null) worker.Error(failure);
            else worker.Post(() => WriteObject(sample));
        }
    }
}
