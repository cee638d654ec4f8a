using System.Management.Automation;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Promotions;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

// -Promote: the trained model goes into production if it passes the gate.
public sealed partial class StartWmsTrainingCommand
{
    /// <summary>
    /// Compares the trained model, or the best of several attempts, with the one in production on the test photos. If it passes the gate,
    /// it becomes a version of the registered model, in stage Production, and models/production.safetensors. The model it replaces there is
    /// kept beside it.
    /// </summary>
    [Parameter]
    public SwitchParameter Promote { get; set; }

    /// <summary>
    /// With -Promote, the model to beat if none is in production. If there is one, no other baseline is accepted.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "Production in the registry, or the nearest models/production.*")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [AllowNull, AllowEmptyString]
    public string? Baseline { get; set; }

    /// <summary>With -Promote, the lowest mean Dice that passes. Required for the first model, which has no baseline.</summary>
    [Parameter]
    [PSDefaultValue(Help = "none, or gate.minimumDice of wms.yaml")]
    [EmptyIsUnset]
    public double? MinimumDice { get; set; }

    /// <summary>Makes the request from the parameters and the nearest wms.yaml; null without -Promote. False after an error.</summary>
    private bool TryPromotionRequest(out PromotionRequest? request)
    {
        request = null;
        (string, bool)[] parameters = [(nameof(Baseline), string.IsNullOrEmpty(Baseline)), (nameof(MinimumDice), MinimumDice is null)];
        foreach (var (name, isEmpty) in parameters)
        {
            if (!IsGiven(name)) continue;
            if (!Promote) return FailSetting(new SettingsException(name, $"-{name} requires -Promote. Add -Promote, or omit -{name}."));

            // A limit or a baseline that an unset variable leaves empty would open the gate.
            if (isEmpty) return FailSetting(WmsErrors.EmptyParameter(name));
        }

        if (!Promote) return true;
        string? baseline = null;
        if (Baseline is not null && !TryModelPath(Baseline, out baseline)) return false;
        if (!TryRegistryProduction(out var production)) return false;
        try
        {
            var settings = NearestSettings(Location, WriteWarning);
            var options = GateSettings.Read(settings, WriteWarning);

            // The first model goes where Sync-WmsModel puts it: beside the wms.yaml.
            string? project = settings is null ? null : System.IO.Path.GetDirectoryName(settings.Path);
            request = new PromotionRequest
            {
                Location = ProductionModel.Nearest(Location) is null ? project ?? Location : Location,
                BaselinePath = baseline, ProductionPath = production?.Path, Device = Device,
                Options = options with { MinimumDice = MinimumDice ?? options.MinimumDice },
            };
            ModelPromotion.CheckRequest(request);
            return true;
        }
        catch (WaterMetersException e)
        {
            return FailSetting(e);
        }
    }

    /// <summary>Shows which file would be replaced, for -WhatIf.</summary>
    private void PreviewPromotion(PromotionRequest request)
    {
        string condition = ModelPromotion.Baseline(request) is { } baseline
            ? $"if it passes the gate against '{baseline}'"
            : "if it passes the gate; without a model to beat, that requires a minimum Dice";
        ShouldProcess(ModelPromotion.Target(request), $"Publish the trained model {condition}");
    }

    /// <summary>Decides on the best training and publishes its model if it passes; writes the results in any case.</summary>
    private void PromoteBest(PromotionRequest request, IReadOnlyList<TrainingResult> results)
    {
        var best = results.First(r => r.IsBest);
        TrainingResult[] ResultsWith(TrainingResult changed) => [.. results.Select(r => r.IsBest ? changed : r)];
        Promotion? promotion = null;
        RunAndKeep(results, (worker, reporter) => promotion = ModelPromotion.DecideAndReport(
            request with { BaselineRead = model => WarnOf(worker, model) },
            best,
            reporter.Information,
            reporter.Warn,
            (done, total) => worker.ReportCount("Comparing " + best.ModelPath, done, total, "measurements"),
            worker.Stopping));
        if (promotion is null) return;

        best = ModelPromotion.AddDecision(best, promotion);
        bool publish = promotion.Comparison.Passed && ShouldProcess(promotion.Target, $"Publish {best.ModelPath}");
        TrainingResult? published = null;
        RunAndKeep(ResultsWith(best), (worker, reporter) =>
            published = Publish(request, promotion, best, publish, reporter, worker.Stopping));
        if (published is not null) WriteObject(ResultsWith(published), enumerateCollection: true);
    }

    /// <summary>Runs work of the promotion; if it fails, the results of the training are written before its error.</summary>
    private void RunAndKeep(IReadOnlyList<TrainingResult> results, Action<PipelineWorker, TrainingReporter> work) => RunOnWorker(worker =>
    {
        try
        {
            work(worker, new TrainingReporter(this, worker));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            worker.Post(() => WriteObject(results, enumerateCollection: true));
            throw;
        }
    });

    private bool FailSetting(WaterMetersException refusal)
    {
        Fail(WmsErrors.From(refusal, ErrorTarget));
        return false;
    }
}
