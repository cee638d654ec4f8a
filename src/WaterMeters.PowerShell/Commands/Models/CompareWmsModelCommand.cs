using System.Management.Automation;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Comparisons;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Decides whether a new model may replace an old one, on photos that neither has seen.</summary>
/// <seealso cref="MeasureWmsModelCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Both models get the same photos with the same preprocessing, each at its own input size. Photos that either model was trained or
/// selected on are left out and counted, and so are photos that the split of the data set lists as repaired from, or similar to, such
/// photos. The differences of Dice give a 95 % interval (BCa bootstrap) and a one-sided p-value (sign flips). The verdict is the first that
/// holds: Superior if the interval is above 0 and the p-value is at most Alpha (less with fewer than 125 photos, see -Alpha); NonInferior
/// if it is above -Margin; Inferior if it is below 0; else Inconclusive. With fewer than MinimumPhotos photos it is Inconclusive too, and
/// MissingPhotos is the number to add.</para>
/// <para>Passed depends on the policy: Superior requires that verdict, NonInferior either of the two, Strict a higher mean Dice and a
/// higher mean IoU, however small the difference. With any policy, a candidate does not pass if its Dice is below MinimumDice, if it misses
/// significantly more windows, if it finds no window at all, if it is worse on a slice of at least 30 photos (dark photos, blurred photos,
/// small windows), or if it does not list the photos it has seen (-Force allows that).</para>
/// <para>Each decision is entered in a ledger beside the data set, split/decisions, as a small file: a test part that is used again and
/// again stops being independent, so from the tenth decision on there is a warning. The same comparison counts once. If the decision
/// cannot be entered, the candidate does not pass.</para>
/// <para>The cmdlet fails closed: a model or photo that cannot be read is an error and never a pass. The gate section of the nearest
/// wms.yaml, in the current location or above it, sets policy, alpha, margin, minimumDice and minimumPhotos; parameters take
/// precedence.</para>
/// </remarks>
/// <example><para>Decide whether a new model may replace the one in production.</para>
/// <code>
/// Compare-WmsModel ./runs/second/model.safetensors ./models/production.safetensors -DataPath ./meters
/// </code></example>
/// <example><para>Train and compare in one pipeline; the training's record passes the data set on.</para>
/// <code>Start-WmsTraining ./meters | Compare-WmsModel -Baseline ./models/production.safetensors</code></example>
/// <example><para>Show the photos on which the new model loses most.</para>
/// <code>
/// Compare-WmsModel ./runs/second/model.safetensors ./models/production.safetensors ./meters -PerImage |
///     Sort-Object DiceDifference | Select-Object -First 5
/// </code></example>
/// <example><para>Compare a training with the version of the registry that is in production.</para>
/// <code>Compare-WmsModel ./runs/second Production ./meters</code></example>
/// <example><para>Check a first model, which has no baseline.</para>
/// <code>Compare-WmsModel ./runs/first/model.safetensors -NoBaseline -DataPath ./meters -MinimumDice 0.85</code></example>
/// <seealso cref="ExportWmsReportCommand"/>
/// <seealso href="about_WaterMeters_Scripts"/>
/// <seealso href="about_WaterMeters_Settings"/>
[Cmdlet(VerbsData.Compare, "WmsModel", DefaultParameterSetName = WithBaseline, SupportsShouldProcess = true)]
[OutputType(typeof(ModelComparison), typeof(ImageComparison), typeof(bool))]
public sealed partial class CompareWmsModelCommand : WmsCmdlet
{
    private bool isSplitPathParameter;

    // With -Quiet: whether every candidate so far has passed; null before the first.
    private bool? allPassed;

    /// <inheritdoc/>
    private protected override object ErrorTarget => Candidate;

    /// <inheritdoc/>
    private protected override string? StoreAddress => TrackingUri;

    /// <inheritdoc/>
    private protected override bool FailureTerminates => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    private protected override bool AlwaysReturns => Quiet;

    /// <inheritdoc/>
    private protected override bool DecidesGate => true;

    // On the command line, an empty -SplitPath is an error; a record may leave it empty.
    /// <inheritdoc/>
    protected override void BeginProcessing() => isSplitPathParameter = IsGiven(nameof(SplitPath));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // An empty -Baseline is a mistake and closes the gate; only -NoBaseline states that there is none.
        string baseline = "";
        bool compared = AreLimitsSet()
            && TryModelPath(Candidate ?? "", out string candidate)
            && (NoBaseline || TryModelPath(Baseline ?? "", out baseline))
            && TryCompare(candidate, NoBaseline ? null : baseline);
        if (!compared) allPassed = false;
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // One value for all candidates: `if` takes two or more values as $true, whatever they are.
        if (Quiet) WriteObject(allPassed == true);
    }

    private bool TryCompare(string candidate, string? baseline)
    {
        bool compared = false;
        string split = "", location = Location;
        if (!TryDataPath(DataPath, out string folder)) return false;
        if (isSplitPathParameter || !string.IsNullOrEmpty(SplitPath))
        {
            if (!TryPath(SplitPath ?? "", out split)) return false;
        }
        else
        {
            if (!TryProjectSplit(folder, out string? ofProject)) return false;
            split = ofProject ?? "";
        }

        var mode = NoLedger ? LedgerMode.Skip
            : ShouldProcess(FileDecisionLedger.Folder(folder), "Record the decision") ? LedgerMode.Record
            : LedgerMode.Preview;
        RunOnWorker(worker =>
        {
            var result = Compare(worker, (candidate, baseline), folder, split.Length > 0 ? split : null, location, mode);
            if (mode == LedgerMode.Record && result.Comparison.LedgerNote is { } note) worker.Warn(note);
            worker.Post(() =>
            {
                compared = true;
                ComparedPhotos.Keep(result.Comparison, result.Photos);
                if (Quiet) allPassed = allPassed != false && result.Comparison.Passed;
                else if (PerImage) WriteObject(result.Photos, enumerateCollection: true);
                else WriteObject(result.Comparison);
            });
        });
        return compared;
    }

    private ComparisonResult Compare(
        PipelineWorker worker, (string Candidate, string? Baseline) files, string folder, string? split, string location, LedgerMode mode)
    {
        var options = Options(location, worker.Warn);
        worker.Verbose($"Reading '{files.Candidate}'{(files.Baseline is null ? "" : $" and '{files.Baseline}'")}.");
        var candidateModel = ModelFile.Load(files.Candidate);
        var baselineModel = files.Baseline is null ? null : ModelFile.Load(files.Baseline);
        worker.Verbose($"Reading the data set '{folder}'.");
        var data = DatasetContents.Read(folder, split, worker.Stopping);
        foreach (string warning in data.Warnings) worker.Warn(warning);
        if (data.Part(Split ?? DatasetSplit.Test).Count > 0)
        {
            WarnOf(worker, candidateModel);
            if (baselineModel is not null) WarnOf(worker, baselineModel);
        }

        var (precision, device) = (Precision ?? WaterMeters.Precision.Float32, Device ?? default);
        worker.Verbose("Preparing the networks.");
        using var candidate = InferenceEngines.Create(candidateModel, precision, device);
        using var baseline = baselineModel is null ? null : InferenceEngines.Create(baselineModel, precision, device);
        var request = new ComparisonRequest
        {
            Candidate = candidate,
            Baseline = baseline,
            Data = data,
            Split = Split ?? DatasetSplit.Test,
            Options = options,
            LedgerMode = mode,
        };
        void Report(int done, int total) => worker.ReportCount("Comparing " + candidateModel.Name, done, total, "measurements");
        return ModelComparer.Compare(request, Report, worker.Stopping);
    }

    private GateOptions Options(string location, Action<string> warn)
    {
        var settings = NearestSettings(location, warn);
        var options = GateSettings.Read(settings, warn) with { AllowUnknownProvenance = Force };
        return options with
        {
            Policy = Policy ?? options.Policy,
            Alpha = Alpha ?? options.Alpha,
            Margin = Margin ?? options.Margin,
            MinimumDice = MinimumDice ?? options.MinimumDice,
            MinimumPhotos = MinimumPhotos ?? options.MinimumPhotos,
            Seed = Seed ?? options.Seed,
        };
    }

    /// <summary>Fails if a parameter is empty: an unset variable must not act as an omitted limit, which opens the gate.</summary>
    private bool AreLimitsSet()
    {
        (string Name, object? Value)[] values =
        [
            (nameof(Split), Split), (nameof(Policy), Policy), (nameof(Alpha), Alpha), (nameof(Margin), Margin),
            (nameof(MinimumDice), MinimumDice), (nameof(MinimumPhotos), MinimumPhotos), (nameof(Seed), Seed),
            (nameof(Precision), Precision), (nameof(Device), Device),
        ];
        var empty = Array.Find(values, value => value.Value is null && IsGiven(value.Name));
        if (empty.Name is null) return true;
        Fail(WmsErrors.From(WmsErrors.EmptyParameter(empty.Name)));
        return false;
    }

    private bool TryPath(string path, out string absolute)
    {
        if (TryResolvePath(path, out absolute, out var error)) return true;
        Fail(error);
        return false;
    }
}
