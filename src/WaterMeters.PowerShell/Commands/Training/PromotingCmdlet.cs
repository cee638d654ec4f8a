using System.Management.Automation;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Promotions;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>A training whose model goes into production when it passes the gate.</summary>
public abstract class PromotingCmdlet : TrainingRecipeCmdlet
{
    /// <summary>Compares the trained model, of several attempts the best, with the one in production on the test photos, and publishes it as models/production.safetensors when it passes the gate. The model it replaces is kept beside.</summary>
    [Parameter]
    public SwitchParameter Promote { get; set; }

    /// <summary>With -Promote, the model to beat where there is no models/production.*; where there is one, no other is taken.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the nearest models/production.*")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [AllowNull, AllowEmptyString]
    public string? Baseline { get; set; }

    /// <summary>With -Promote, the lowest mean Dice that may pass. Where no model is in production yet, none passes without it.</summary>
    [Parameter]
    [PSDefaultValue(Help = "none, or gate.minimumDice of wms.yaml")]
    [EmptyIsUnset]
    public double? MinimumDice { get; set; }

    /// <summary>What a model has to show, out of the parameters and the nearest wms.yaml; null without -Promote. False after an error.</summary>
    private protected bool TryPromotion(out PromotionRequest? request)
    {
        request = null;
        foreach (var (name, empty) in new[] { (nameof(Baseline), string.IsNullOrEmpty(Baseline)), (nameof(MinimumDice), MinimumDice is null) })
        {
            if (!IsGiven(name)) continue;
            if (!Promote) return Refused(name, $"Only -Promote asks for -{name}. Add -Promote, or leave -{name} out.");

            // A limit, or a model to beat, that a variable leaves empty would open the gate.
            if (empty) return Refused(name, $"{name} is empty, as a variable is that is not set. Give a value, or leave the parameter out.");
        }

        if (!Promote) return true;
        string? baseline = null;
        if (Baseline is not null && !TryModelPath(Baseline, out baseline)) return false;
        try
        {
            string location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
            var options = GateSettings.Read(NearestSettings(location, WriteWarning), WriteWarning);
            request = new PromotionRequest
            {
                Location = location, BaselinePath = baseline, Device = Device,
                Options = options with { MinimumDice = MinimumDice ?? options.MinimumDice },
            };
            ModelPromotion.CheckRequest(request);
            return true;
        }
        catch (WaterMetersException e)
        {
            Fail(WmsErrors.From(e, WorksOn));
            return false;
        }
    }

    /// <summary>Says which file would be replaced, for -WhatIf.</summary>
    private protected void ForetellPromotion(PromotionRequest request)
    {
        string against = ModelPromotion.Baseline(request) is { } baseline ? $"when it passes the gate against '{baseline}'" : "when it passes the gate, which without a model to beat needs a lowest Dice";
        ShouldProcess(ModelPromotion.Target(request), $"Publish the trained model {against}");
    }

    /// <summary>Decides on the best of the trainings and publishes it when it passes; writes the results, whatever comes of it.</summary>
    private protected void PromoteBest(PromotionRequest request, IReadOnlyList<TrainingResult> results)
    {
        var best = results.First(r => r.IsBest);
        TrainingResult[] Told(TrainingResult told) => [.. results.Select(r => r.IsBest ? told : r)];
        Promotion? promotion = null;
        RunOnWorker(worker => Keeping(worker, results, () =>
        {
            var reporter = new TrainingReporter(this, worker);
            string model = $"the model of '{best.OutputPath}'";
            reporter.Information(ModelPromotion.Baseline(request) is { } baseline ? $"the gate compares {model} with '{baseline}' on the test photos" : $"no model is in production: the gate looks at {model} alone");
            promotion = ModelPromotion.Decide(
                request, best, reporter.Warn, (done, of) => worker.Report("Comparing " + best.ModelPath, $"{done} of {of} measurements", percent: (int)(100L * done / of)), worker.Stopping);
            reporter.Information($"verdict {promotion.Comparison.Verdict}, {(promotion.Comparison.Passed ? "passed" : "not passed")}: {promotion.Comparison.Reason}");
        }));
        if (promotion is null) return;

        var (decided, target) = (promotion.Comparison, promotion.Target);
        best = best with { Verdict = decided.Verdict, Passed = decided.Passed, GateReason = decided.Reason };
        bool publish = decided.Passed && ShouldProcess(target, $"Publish {best.ModelPath}");
        bool done = false;
        RunOnWorker(worker => Keeping(worker, Told(best), () =>
        {
            var reporter = new TrainingReporter(this, worker);
            if (publish)
            {
                string? kept = ModelPromotion.Publish(promotion);
                best = best with { PromotedPath = target, ReplacedPath = kept };
                reporter.Information($"published as '{target}'" + (kept is null ? "" : $"; the model it replaces is kept as '{kept}'"));
            }
            else
            {
                reporter.Information(ProductionModel.Nearest(request.Location) is { } now ? $"not published: '{now}' stays in production" : "not published: no model is in production");
            }

            done = true;
        }));
        if (done) WriteObject(Told(best), enumerateCollection: true);
    }

    /// <summary>What was trained is handed on although the decision about it fails.</summary>
    private void Keeping(PipelineWorker worker, IReadOnlyList<TrainingResult> results, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            worker.Post(() => WriteObject(results, enumerateCollection: true));
            throw;
        }
    }

    private bool Refused(string setting, string message)
    {
        Fail(WmsErrors.From(new SettingsException(setting, message)));
        return false;
    }
}
