using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>
/// Records a decision in the ledger. A decision that has to be recorded and cannot be does not pass: the count of decisions on this test
/// would be wrong from then on.
/// </summary>
/// <param name="mode">Whether the decision is recorded.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="split">The part of the data set that was compared on.</param>
internal sealed class LedgerRecorder(LedgerMode mode, IDecisionLedger ledger, DatasetSplit split)
{
    /// <summary>From this many decisions on, models are being fitted to the test part.</summary>
    public const int Often = 10;

    /// <summary>Records a decision, or says why it is not recorded.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="entry">Creates the ledger's entry; called only when it is recorded.</param>
    public LedgerResult Record(GateDecision decision, Func<LedgerEntry> entry)
    {
        if (mode == LedgerMode.Skip)
        {
            const string note = "The decision was not recorded in the ledger (-NoLedger), so later decisions on this test are counted without it.";
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
            var count = ledger.Enter(entry());
            List<string> notes = [];
            if (count.Decisions >= Often)
            {
                decision = decision with { Flags = [.. decision.Flags, GateFlag.TestUsedOften] };
                notes.Add(
                    $"This test has decided {count.Decisions} times; choosing by the same photos again and again fits models to them. "
                    + $"Add new photos to the {split} part.");
            }

            if (count.Damaged.Count > 0)
            {
                notes.Add($"{count.Damaged.Count} ledger files are damaged and not counted, the first is '{count.Damaged[0]}'. Restore or delete them.");
            }

            return Annotate(decision, count, notes.Count == 0 ? null : string.Join(" ", notes));
        }
        catch (DatasetException e)
        {
            return Annotate(
                Fail(decision, GateFlag.LedgerUnreachable), null, $"{e.Message} A decision that is not recorded does not pass; -NoLedger decides without the ledger.");
        }
    }

    private static GateDecision Fail(GateDecision decision, GateFlag flag) => decision with { Passed = false, Flags = [.. decision.Flags, flag] };

    private static LedgerResult Annotate(GateDecision decision, LedgerCount? count, string? note) =>
        new(note is null ? decision : decision with { Reason = $"{decision.Reason} {note}" }, count, note);
}
