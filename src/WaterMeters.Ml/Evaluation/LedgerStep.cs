using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Evaluation;

/// <summary>Takes a decision to the ledger. What had to be entered and could not be does not pass: nobody would know how often the test was asked.</summary>
internal static class LedgerStep
{
    /// <summary>From this decision on a test begins to be learnt by heart.</summary>
    public const int Often = 10;

    /// <summary>Enters a decision as the request asks.</summary>
    public static LedgerResult Take(ComparisonRequest request, GateDecision decision, Func<LedgerEntry> entry)
    {
        if (request.LedgerUse == LedgerUse.Leave)
        {
            return Said(decision with { Flags = [.. decision.Flags, GateFlag.NotInLedger] }, null, "The decision was not entered in the ledger (-NoLedger), so nobody will know that this test was asked.");
        }

        if (request.LedgerUse == LedgerUse.Foretell)
        {
            return Said(Stopped(decision, GateFlag.NotInLedger), null, (decision.Passed ? "It would pass" : "It would not pass") + "; nothing was entered in the ledger (-WhatIf, or not confirmed), and only what is entered passes.");
        }

        try
        {
            var count = (request.Ledger ?? new DecisionFiles(request.Data.DataPath)).Enter(entry());
            List<string> notes = [];
            if (count.Decisions >= Often)
            {
                decision = decision with { Flags = [.. decision.Flags, GateFlag.TestUsedOften] };
                notes.Add($"This test has decided {count.Decisions} times; what is chosen by the same photos again and again is fitted to them. New photos in the {request.Split} part refresh it.");
            }

            if (count.Damaged.Count > 0) notes.Add($"{count.Damaged.Count} files of the ledger are damaged and not counted, '{count.Damaged[0]}' the first. Restore or delete them.");
            return Said(decision, count, notes.Count == 0 ? null : string.Join(" ", notes));
        }
        catch (DatasetException e)
        {
            return Said(Stopped(decision, GateFlag.LedgerUnreachable), null, $"{e.Message} What is not entered does not pass; -NoLedger decides without it.");
        }
    }

    private static GateDecision Stopped(GateDecision decision, GateFlag flag) => decision with { Passed = false, Flags = [.. decision.Flags, flag] };

    private static LedgerResult Said(GateDecision decision, LedgerCount? count, string? note) =>
        new(note is null ? decision : decision with { Reason = $"{decision.Reason} {note}" }, count, note);
}
