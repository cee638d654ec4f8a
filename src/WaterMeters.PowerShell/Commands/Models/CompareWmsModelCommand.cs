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
/// <para>Both models see the same photos with the same preprocessing, each at its own input size; photos that either was trained on or chosen by are left out and counted, and so are those that the data set's split calls repaired files or resemblances of such. Of the differences of Dice come a 95 % interval (BCa bootstrap) and a one-sided p-value (sign flips), and from them the verdict, the first that holds: Superior when the interval lies over 0 and the p-value is at most Alpha; NonInferior when it lies over -Margin; Inferior when it lies under 0; else Inconclusive. On fewer than MinimumPhotos photos it is Inconclusive too, and MissingPhotos says how many are missing.</para>
/// <para>Passed follows from the policy: Superior asks for that verdict, NonInferior for either of the two, Strict for a higher mean Dice and a higher mean IoU, however small. Whatever the policy, a candidate does not pass under MinimumDice, when it misses significantly more windows, when it finds none at all, when it is worse on a slice of at least 30 photos (dark ones, blurred ones, small windows), or when it does not say which photos it has seen (-Force lets that pass).</para>
/// <para>Each decision is entered in a ledger beside the data set, split/decisions, a small file each, for a test that is asked again and again is learnt by heart: from the tenth decision on a warning says so. The same question asked again counts once. What cannot be entered does not pass.</para>
/// <para>It fails closed: a model or a photo that cannot be read is an error and never a pass. The part gate of the nearest wms.yaml, in the session's location or above it, sets policy, alpha, margin, minimumDice and minimumPhotos; a parameter wins over it.</para>
/// </remarks>
/// <example><para>Decides whether a new model may replace the one in production.</para><code>Compare-WmsModel ./runs/second/model.safetensors ./models/production.safetensors -DataPath ./meters</code></example>
/// <example><para>Trains and compares in one pipeline; the data set comes along.</para><code>Start-WmsTraining ./meters | Compare-WmsModel -Baseline ./models/production.safetensors</code></example>
/// <example><para>Shows the photos on which the new model loses most.</para><code>Compare-WmsModel ./runs/second/model.safetensors ./models/production.safetensors ./meters -PerImage | Sort-Object DiceDifference | Select-Object -First 5</code></example>
/// <example><para>Lets a first model pass that is good enough; there is none to beat.</para><code>Compare-WmsModel ./runs/first/model.safetensors -NoBaseline -DataPath ./meters -MinimumDice 0.85</code></example>
/// <seealso cref="ExportWmsReportCommand"/>
/// <seealso href="about_WaterMeters_Scripts"/>
/// <seealso href="about_WaterMeters_Settings"/>
[Cmdlet(VerbsData.Compare, "WmsModel", DefaultParameterSetName = WithBaseline, SupportsShouldProcess = true)]
[OutputType(typeof(ModelComparison), typeof(ImageComparison), typeof(bool))]
public sealed class CompareWmsModelCommand : WmsCmdlet
{
    private const string WithBaseline = "Baseline", WithoutBaseline = "NoBaseline";

    private bool splitNamed;

    /// <summary>With -Quiet: whether every candidate so far has passed; null before the first.</summary>
    private bool? allPassed;

    /// <summary>File of the new model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [Alias("ModelPath", "FullName")]
    [AllowNull, AllowEmptyString]
    public string Candidate { get; set; } = "";

    /// <summary>File of the model to beat.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = WithBaseline)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [AllowNull, AllowEmptyString]
    public string Baseline { get; set; } = "";

    /// <summary>Says that there is no model to beat. The verdict is NoBaseline then, and it passes only with a lowest Dice.</summary>
    [Parameter(Mandatory = true, ParameterSetName = WithoutBaseline)]
    public SwitchParameter NoBaseline { get; set; }

    /// <summary>Folder of the data set.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true, ParameterSetName = WithBaseline)]
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = WithoutBaseline)]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    [AllowNull, AllowEmptyString]
    public string DataPath { get; set; } = "";

    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    public string? SplitPath { get; set; }

    /// <summary>The part of the data set to compare on; Aside are the photos that are in none of the three others.</summary>
    [Parameter]
    [PSDefaultValue(Value = DatasetSplit.Test)]
    [EmptyIsUnset]
    public DatasetSplit? Split { get; set; }

    /// <summary>What the candidate has to show to pass.</summary>
    [Parameter]
    [PSDefaultValue(Value = GatePolicy.Superior)]
    [EmptyIsUnset]
    public GatePolicy? Policy { get; set; }

    /// <summary>The largest one-sided p-value that counts as better.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.025)]
    [EmptyIsUnset]
    public double? Alpha { get; set; }

    /// <summary>How much mean Dice a candidate that is not worse may lose.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.01)]
    [EmptyIsUnset]
    public double? Margin { get; set; }

    /// <summary>The lowest mean Dice that may pass.</summary>
    [Parameter]
    [PSDefaultValue(Help = "none")]
    [EmptyIsUnset]
    public double? MinimumDice { get; set; }

    /// <summary>The fewest photos that a verdict is given on.</summary>
    [Parameter]
    [PSDefaultValue(Value = 100)]
    [EmptyIsUnset]
    public int? MinimumPhotos { get; set; }

    /// <summary>Seed of the resamples: the same one gives the same numbers.</summary>
    [Parameter]
    [PSDefaultValue(Value = 1)]
    [EmptyIsUnset]
    public long? Seed { get; set; }

    /// <summary>The numbers to compute with.</summary>
    [Parameter]
    [PSDefaultValue(Value = WaterMeters.Precision.Float32)]
    [EmptyIsUnset]
    public Precision? Precision { get; set; }

    /// <summary>Where to compute.</summary>
    [Parameter]
    [PSDefaultValue(Value = ComputeDevice.Auto)]
    [EmptyIsUnset]
    public ComputeDevice? Device { get; set; }

    /// <summary>Lets a candidate pass that does not say which photos it has seen, such as a .pth.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Decides without entering it in the ledger, as for a data set that cannot be written to; the record says so.</summary>
    [Parameter]
    public SwitchParameter NoLedger { get; set; }

    /// <summary>Gives one record a photo instead of the verdict.</summary>
    [Parameter]
    public SwitchParameter PerImage { get; set; }

    /// <summary>Gives only $true or $false: whether the candidate passed, of several each of them. A comparison that could not be made is an error and $false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override object WorksOn => Candidate;

    /// <inheritdoc/>
    private protected override bool FailureIsFinal => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    private protected override bool AlwaysAnswers => Quiet;

    /// <inheritdoc/>
    protected override void BeginProcessing() => splitNamed = IsGiven(nameof(SplitPath)); // a record's may be null, a variable's may not

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // An empty -Baseline is no baseline by mistake, and closes the gate; only the switch says that there is none.
        string baseline = "";
        bool compared = NoneUnset() && TryModelPath(Candidate ?? "", out string candidate) && (NoBaseline || TryModelPath(Baseline ?? "", out baseline)) && Compare(candidate, NoBaseline ? null : baseline);
        if (!compared) allPassed = false;
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // One answer for all of them: an if takes two or more values as $true, whatever they are.
        if (Quiet) WriteObject(allPassed == true);
    }

    private bool Compare(string candidateFile, string? baselineFile)
    {
        bool compared = false;
        string split = "", location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        if (!TryPath(DataPath ?? "", out string folder) || ((splitNamed || !string.IsNullOrEmpty(SplitPath)) && !TryPath(SplitPath ?? "", out split))) return false;
        var use = NoLedger ? LedgerMode.Skip : ShouldProcess(FileDecisionLedger.Folder(folder), "Enter the decision") ? LedgerMode.Record : LedgerMode.Preview;
        RunOnWorker(worker =>
        {
            void Warn(string message) => worker.Post(() => WriteWarning(message));
            var options = Options(location, Warn);
            worker.Verbose($"Reading '{candidateFile}'{(baselineFile is null ? "" : $" and '{baselineFile}'")}.");
            var candidateModel = ModelFile.Load(candidateFile);
            var baselineModel = baselineFile is null ? null : ModelFile.Load(baselineFile);
            worker.Verbose($"Reading the data set '{folder}'.");
            var data = DatasetContents.Read(folder, split.Length > 0 ? split : null, worker.Stopping);
            foreach (string warning in candidateModel.Warnings.Concat(baselineModel?.Warnings ?? []).Concat(data.Warnings)) Warn(warning);
            var (precision, device) = (Precision ?? WaterMeters.Precision.Float32, Device ?? default);
            worker.Verbose("Preparing the networks.");
            using var candidate = InferenceEngines.Create(candidateModel, precision, device);
            using var baseline = baselineModel is null ? null : InferenceEngines.Create(baselineModel, precision, device);
            var request = new ComparisonRequest
            {
                Candidate = candidate, Baseline = baseline, Data = data, Split = Split ?? DatasetSplit.Test, Options = options, LedgerMode = use,
            };
            var result = ModelComparer.Compare(
                request, (done, of) => worker.Report("Comparing " + candidateModel.Name, $"{done} of {of} measurements", percent: (int)(100L * done / of)), worker.Stopping);
            if (use == LedgerMode.Record && result.Comparison.LedgerNote is { } note) Warn(note);
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

    private GateOptions Options(string location, Action<string> warn)
    {
        var options = GateSettings.Read(NearestSettings(location, warn), warn) with { AllowUnknownProvenance = Force };
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

    /// <summary>Given and empty must not mean not given: a limit that a variable leaves empty would open the gate.</summary>
    private bool NoneUnset()
    {
        (string Name, object? Value)[] values =
        [
            (nameof(Split), Split), (nameof(Policy), Policy), (nameof(Alpha), Alpha), (nameof(Margin), Margin),
            (nameof(MinimumDice), MinimumDice), (nameof(MinimumPhotos), MinimumPhotos), (nameof(Seed), Seed), (nameof(Precision), Precision), (nameof(Device), Device),
        ];
        var unset = Array.Find(values, value => value.Value is null && IsGiven(value.Name));
        if (unset.Name is null) return true;
        Fail(WmsErrors.From(new SettingsException(unset.Name, $"{unset.Name} is empty, as a variable is that is not set. Give a value, or leave the parameter out.")));
        return false;
    }

    private bool TryPath(string path, out string absolute)
    {
        if (TryAbsolute(path, out absolute, out var error)) return true;
        Fail(error);
        return false;
    }
}
