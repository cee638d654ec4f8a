using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Foundation;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Stores the split of a data set, keeps similar photos in one part, and reports whether the test part is large enough.</summary>
/// <seealso cref="GetWmsDatasetCommand"/>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>The SHA-256 of a photo's file determines its part, so nothing is stored for most photos. The folder split in the data set
/// contains the fractions and one small file for each photo with an override: a photo that resembles another is in the same part, and one
/// that resembles photos of two parts is set aside, in none of them. Commit this folder with the photos; branches that add photos do not
/// conflict in it.</para>
/// <para>Splitting a data set again does not move photos between parts. If two old photos in different parts resemble each other, one of
/// them is set aside: the training photo first, then the validation photo, the test photo last. Run the cmdlet once after merging
/// branches: it sets aside what Test-WmsDataset reports as PhotoInTwoSplits, and settles what it reports as SplitDisputed.</para>
/// <para>The output states whether the test part has the photos that a comparison needs for a verdict, and which fractions would provide
/// them. Changing the fractions moves photos and requires -Force. Photos that a model has seen are left out of its comparisons, so
/// models trained before the change are compared on fewer photos.</para>
/// </remarks>
/// <example><para>Split a data set for the first time: 70 % to train, 10 % to validate, 20 % to test.</para>
/// <code>Split-WmsDataset ./meters -Train 0.7 -Validation 0.1</code></example>
/// <example><para>Show what would be stored: the Outcome is WouldStore, or Unchanged.</para>
/// <code>Split-WmsDataset ./meters -WhatIf | Format-List Outcome, TrainPhotos, ValidationPhotos, TestPhotos, NewExceptions</code></example>
/// <example><para>List the photos that are set aside, each with a photo that it resembles.</para>
/// <code>Split-WmsDataset ./meters -PerPhoto | Where-Object Split -eq Aside | Format-Table Name, Reason, OtherPath</code></example>
/// <example><para>Show whether the test part is large enough for a verdict, and what to do if it is not.</para>
/// <code>Split-WmsDataset ./meters | Format-List TestPhotos, MinimumPhotos, IsTestLargeEnough, Advice</code></example>
/// <seealso href="about_WaterMeters_Settings"/>
[Cmdlet(VerbsCommon.Split, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetSplitReport), typeof(DatasetSplitPhoto))]
public sealed class SplitWmsDatasetCommand : DatasetCmdlet
{
    /// <summary>Fraction of photos to train on. The default is the stored fraction, or 0.8.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Train { get; set; }

    /// <summary>
    /// Fraction of photos to select the best epoch on. The default is the stored fraction, or 0.1. The test part gets the rest.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Validation { get; set; }

    /// <summary>Photos that the test part needs. The default is gate.minimumPhotos of wms.yaml, or 100.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int? MinimumPhotos { get; set; }

    /// <summary>Returns one record for each photo with an override, instead of one for the data set.</summary>
    [Parameter]
    public SwitchParameter PerPhoto { get; set; }

    /// <summary>Changes the stored fractions, which moves photos between parts.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureTerminates => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string[] folders = DatasetFolders();
        foreach (string folder in folders) Split(folder, Location, isOneOfMany: folders.Length > 1);
    }

    private void Split(string folder, string location, bool isOneOfMany)
    {
        string? cache = IsWhatIf ? null : UserFolder.Cache(location);
        SplitPlan? result = null;
        int minimum = 0;
        RunOnWorker(worker =>
        {
            minimum = MinimumPhotos ?? GateSettings.Read(NearestSettings(location, worker.Warn), worker.Warn).MinimumPhotos;
            foreach (string line in DatasetListing.LeftOutIn(folder)) worker.Warn(line);
            try
            {
                void Report(int done, int total) => worker.ReportCount("Reading " + folder, done, total, "photos");
                result = SplitPlan.Create(folder, Train, Validation, cache, Report, worker.Stopping);
            }
            catch (DatasetException e) when (isOneOfMany)
            {
                // One bad folder does not stop the others.
                worker.Error(e);
            }
        });
        if (result is not { } plan) return;
        if (plan.Faults.Count > 0)
        {
            WriteWarning($"{plan.Faults.Count} photos of '{folder}' cannot be read and were not compared with others. {plan.Faults[0]}");
        }

        string moves = $"{plan.IntoTest} photos into the test part and {plan.OutOfTest} out of it";
        string fractions = string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Fractions.Train} to train, {plan.Fractions.Validation} to validate, {Math.Round(plan.Fractions.Test, 9)} to test");
        if (plan.MovesPhotos && !Force)
        {
            var refusal = WmsErrors.From(new DatasetException(
                folder,
                $"'{folder}' is already split; {fractions} would move {moves}. Photos that a model has seen stay out of its comparisons. "
                + "Use -Force to move photos, or omit -Train and -Validation to keep the split."));
            if (isOneOfMany) WriteError(refusal);
            else Fail(refusal);
            return;
        }

        string movesNote = plan.MovesPhotos ? $"; moves {moves}" : "";
        string action = $"Store the split ({fractions}{movesNote}) with {plan.NewOverrides} new overrides";
        var outcome = !plan.HasChanges ? SplitOutcome.Unchanged
            : ShouldProcess(folder, action) ? SplitOutcome.Stored
            : SplitOutcome.WouldStore;
        if (outcome == SplitOutcome.Stored) RunOnWorker(_ => plan.Store());
        if (PerPhoto) WriteObject(plan.Photos(), enumerateCollection: true);
        else WriteObject(plan.Report(minimum) with { Outcome = outcome });
    }
}
