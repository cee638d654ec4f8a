using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>
/// Records a decision in the ledger. A decision that cannot be recorded does not pass: the number of decisions on this test would be
/// wrong from then on.
/// </summary>
/// <param name="mode">Whether the decision is recorded.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="split">Part of the data set that was compared.</param>
internal sealed class LedgerRecorder(LedgerMode mode, IDecisionLedger ledger, DatasetSplit split)
{
    /// <summary>Number of decisions from which the models become fitted to the test part.</summary>
    public const int ManyDecisions = 10;

    /// <summary>Records a decision, or explains why it is not recorded.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="entry">Creates the ledger's entry; called only when it is recorded.</param>
    public LedgerResult Record(GateDecision decision, Func<LedgerEntry> entry)
    {
        if (mode == LedgerMode.Skip)
        {
            const string note = "The decision was not recorded in the ledger (-NoLedger), so the count of decisions on this test omits it.";
            return Annotate(decision with { Flags = [.. decision.Flags, GateFlag.NotInLedger] }, null, note);
        }

        if (mode == LedgerMode.Preview)
        {
            string outcome = decision.Passed ? "It would pass" : "It would not pass";
            return Annotate(
                Fail(decision, GateFlag.NotInLedger), null,
                $"{outcome}; nothing was recorded in the ledger (-WhatIf, or not confirmed), and only a recorded decision passes.");
        }

        try
        {
            var count = ledger.Record(entry());
            List<string> notes = [];
            if (count.Decisions >= ManyDecisions)
            {
                decision = decision with { Flags = [.. decision.Flags, GateFlag.TestUsedOften] };
                notes.Add(
                    $"This test has now made {count.Decisions} decisions. Choosing among models on the same photos again and again "
                    + $"fits them to those photos. Add new photos to the {split} part.");
            }

            if (count.Damaged.Count > 0)
            {
                notes.Add(
                    $"Damaged ledger files, not counted: {count.Damaged.Count}, the first is '{count.Damaged[0]}'. "
                    + "Restore or delete them.");
            }

            return Annotate(decision, count, notes.Count == 0 ? null : string.Join(" ", notes));
        }
        catch (DatasetException e)
        {
            return Annotate(
                Fail(decision, GateFlag.LedgerUnreachable), null,
                $"{e.Message} A decision that is not recorded does not pass; use -NoLedger to decide without the ledger.");
        }
    }

    private static GateDecision Fail(GateDecision decision, GateFlag flag) =>
        decision with { Passed = false, Flags = [.. decision.Flags, flag] };

    private static LedgerResult Annotate(GateDecision decision, LedgerCount? count, string? note) =>
        new(note is null ? decision : decision with { Reason = $"{decision.Reason} {note}" }, count, note);
}

/// <summary>A decision after the ledger step.</summary>
/// <param name="Decision">The decision; it no longer passes when it could not be recorded.</param>
/// <param name="Count">Decisions of the test; null when the ledger was not used or not readable.</param>
/// <param name="Note">Remark about the ledger; null without one.</param>
internal sealed record LedgerResult(GateDecision Decision, LedgerCount? Count, string? Note);
