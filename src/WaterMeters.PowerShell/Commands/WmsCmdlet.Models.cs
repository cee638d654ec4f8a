using System.Collections.Concurrent;
using System.Management.Automation;
using WaterMeters.Ml.Models;

namespace WaterMeters.PowerShell.Commands;

// What a model's file does not say, or says beside the point: once for each model and session.
public abstract partial class WmsCmdlet
{
    // By digest and sentence: copies of a model are the same model.
    private static readonly ConcurrentDictionary<(string Model, string Sentence), bool> Said = new();

    /// <summary>
    /// Shows the warnings of a model that this session has not shown yet, and its notes as verbose messages. Call it when the photos are
    /// known: nobody needs warnings of a call that does nothing.
    /// </summary>
    /// <param name="worker">The worker that read the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="warnings">Some of its warnings; null for all.</param>
    private protected void WarnOf(PipelineWorker worker, SegmentationModel model, IReadOnlyList<string>? warnings = null)
    {
        foreach (string note in model.Notes) worker.Verbose(note);
        foreach (string warning in warnings ?? model.Warnings)
        {
            var key = (model.Digest ?? model.Path, warning.Replace(model.Path, "", StringComparison.Ordinal));
            worker.Post(() =>
            {
                // Silenced warnings go to -WarningVariable only, and are shown by the next call that shows any.
                if (AreWarningsShown ? Said.TryAdd(key, true) : !Said.ContainsKey(key)) WriteWarning(warning);
            });
        }
    }

    private bool AreWarningsShown
    {
        get
        {
            object? preference = MyInvocation.BoundParameters.TryGetValue("WarningAction", out object? given)
                ? given
                : GetVariableValue("WarningPreference");
            return !LanguagePrimitives.TryConvertTo(preference, out ActionPreference action)
                || action is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
        }
    }
}
