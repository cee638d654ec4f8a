using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Foundation;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Stores how a data set is split, keeps photos of the same image together, and says whether the test part is large enough.</summary>
/// <seealso cref="GetWmsDatasetCommand"/>
/// <seealso cref="TestWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>A photo's part follows from the SHA-256 of its file, so nothing is stored of most photos. The folder split of the data set holds the fractions, and a small file for each photo that is elsewhere: one that resembles another is where that one is, and one that resembles photos of two parts is set aside, in none of them. Commit that folder with the photos; branches that add photos do not conflict there.</para>
/// <para>A run on a data set that was split before moves no photo from one part to another. Of two old photos that resemble each other in two parts it sets one aside, the one of training before that of validation before that of the test. After joining branches, run it once: it sets aside what Test-WmsDataset calls PhotoInTwoSplits, and settles what it calls SplitDisputed.</para>
/// <para>The record says whether the test part has the photos that a comparison needs for a verdict, and which fractions would give it as many. Other fractions move photos; that needs -Force. Photos that a model has seen are left out when it is compared, so models that were trained before have fewer left.</para>
/// </remarks>
/// <example><para>Splits a data set for the first time, 70 of 100 photos to train on and 20 for the test.</para><code>Split-WmsDataset ./meters -Train 0.7 -Validation 0.1</code></example>
/// <example><para>Says what would be stored, and stores nothing.</para><code>Split-WmsDataset ./meters -WhatIf</code></example>
/// <example><para>Shows the photos that are set aside, each with one that it resembles.</para><code>Split-WmsDataset ./meters -PerPhoto | Where-Object Split -eq Aside | Format-Table Name, Reason, OtherPath</code></example>
/// <example><para>Says whether the test part is large enough to decide by, and what to do when it is not.</para><code>Split-WmsDataset ./meters | Format-List TestPhotos, MinimumPhotos, IsTestLargeEnough, Advice</code></example>
/// <seealso href="about_WaterMeters_Settings"/>
[Cmdlet(VerbsCommon.Split, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetSplitReport), typeof(DatasetSplitPhoto))]
public sealed class SplitWmsDatasetCommand : PathCmdlet
{
    /// <summary>Fraction of photos to train on; what is stored when not given, or 0.8.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Train { get; set; }

    /// <summary>Fraction of photos to choose the best epoch by; what is stored when not given, or 0.1. The test part gets the rest.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Validation { get; set; }

    /// <summary>Photos that the test part needs; that of the gate in wms.yaml when not given, or 100.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int? MinimumPhotos { get; set; }

    /// <summary>Gives one record for each photo whose part does not follow from its own file alone, instead of one for the data set.</summary>
    [Parameter]
    public SwitchParameter PerPhoto { get; set; }

    /// <summary>Changes fractions that are stored already, which moves photos from part to part.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureIsFinal => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        string[] folders = IsNamed ? [.. Paths()] : [Absolute(".")];
        foreach (string folder in folders) Split(folder, location, isOneOfMany: folders.Length > 1);
    }

    private void Split(string folder, string location, bool isOneOfMany)
    {
        string? cache = IsTrial ? null : UserFolder.Cache(location);
        SplitPlan? made = null;
        int minimum = 0;
        RunOnWorker(worker =>
        {
            void Warn(string message) => worker.Post(() => WriteWarning(message));
            minimum = MinimumPhotos ?? GateSettings.Read(NearestSettings(location, Warn), Warn).MinimumPhotos;
            try
            {
                made = SplitPlan.Create(folder, Train, Validation, cache, (done, of) => worker.Report("Looking at " + folder, $"{done} of {of} photos", percent: (int)(100L * done / of)), worker.Stopping);
            }
            catch (DatasetException e) when (isOneOfMany)
            {
                // One folder that is no data set leaves the others.
                worker.Post(() => WriteError(WmsErrors.From(e)));
            }
        });
        if (made is not { } plan) return;
        if (plan.Faults.Count > 0) WriteWarning($"{plan.Faults.Count} photos of '{folder}' cannot be read, so nobody knows what they resemble. {plan.Faults[0]}");
        string moves = $"{plan.IntoTest} photos into the test and {plan.OutOfTest} out of it";
        string fractions = string.Create(CultureInfo.InvariantCulture, $"{plan.Fractions.Train} to train, {plan.Fractions.Validation} to validate, {Math.Round(plan.Fractions.Test, 9)} to test");
        if (plan.MovesPhotos && !Force)
        {
            var refused = WmsErrors.From(new DatasetException(folder, $"'{folder}' is split already, and {fractions} would move {moves}. Use -Force to do that: photos that a model has seen stay left out when it is compared. Without -Train and -Validation nothing moves."));
            if (isOneOfMany) WriteError(refused);
            else Fail(refused);
            return;
        }

        if (plan.HasChanges && ShouldProcess(folder, $"Store the split ({fractions}{(plan.MovesPhotos ? $"; that moves {moves}" : "")}) with {plan.NewOverrides} new exceptions")) RunOnWorker(_ => plan.Store());
        if (PerPhoto) WriteObject(plan.Photos(), enumerateCollection: true);
        else WriteObject(plan.Report(minimum));
    }
}
