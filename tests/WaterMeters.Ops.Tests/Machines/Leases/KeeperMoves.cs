using System.Globalization;
using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Tests.Machines.Leases;

/// <summary>The clock of the searches begins here, so that a clock that is behind does not go below 0.</summary>
internal static class SearchClock
{
    public const long Zero = 1000;
}

/// <summary>What the keeper of the machine can do next.</summary>
internal sealed class KeeperMoves(SearchSettings settings, LeaseRules rules, SearchDocuments documents, SearchMoves moves)
{
    private readonly Dictionary<(ushort, int, int, int), (ushort, bool)> decided = [];

    public void Add(in SearchState state)
    {
        if (state.KeeperLate.Document != 0)
        {
            moves.Add("the late writing of the machine is lost", state with { KeeperLate = default });
            var late = state;
            moves.Store(ref late, state.KeeperLate.Document);
            moves.Add("the late writing of the machine arrives", late);
        }

        if (state.Crashes > 0 && state.Boot < settings.Boots)
        {
            var next = state with
            {
                Crashes = (byte)(state.Crashes - 1),
                Boot = (byte)(state.Boot + 1),
                BootAt = state.Time,
                Keeper = KeeperStep.Idle,
                KeeperLocal = default,
                Saving = 0,
                HasPassed = false,
            };
            SearchMoves.EndPromises(ref next);
            moves.Add("the machine restarts", next);
        }

        switch (state.Keeper)
        {
            case KeeperStep.Saving:
                var off = state;
                moves.Off(ref off, "the machine powers off");
                moves.Add("the machine is off", off);
                break;
            case KeeperStep.Decide:
                Decide(state);
                break;
            case KeeperStep.Idle when !state.HasPassed:
                moves.Add("the machine reads", state with
                {
                    Keeper = KeeperStep.Decide,
                    KeeperLocal = new Reading(state.Stored, true),
                    Copy = state.Stored,
                });
                var (_, powersOff) = settings.Fault == PlantedFault.OnlineOnly ? default : DecisionOf(state, state.Copy);
                Finish("the machine does not reach S3", state, powersOff);
                break;
        }
    }

    private void Decide(in SearchState state)
    {
        var (document, powersOff) = DecisionOf(state, state.KeeperLocal.Document);
        if (document == state.KeeperLocal.Document)
        {
            Finish("the machine has nothing to write", state, powersOff);
            return;
        }

        string what = powersOff ? "that it stops" : "what it has seen";
        var unanswered = state with { Copy = settings.Fault == PlantedFault.RememberedAfterwards ? state.Copy : document };
        Finish($"the machine does not write {what}", unanswered, powersOff);
        if (settings.LateWrites && state.KeeperLate.Document == 0 && state.KeeperLocal.IsCurrent)
        {
            Finish($"the machine gives up writing {what}", unanswered with { KeeperLate = new Reading(document, true) }, powersOff);
        }

        if (!state.KeeperLocal.IsCurrent && settings.Fault != PlantedFault.NoCompareAndSet)
        {
            moves.Add("the machine reads again", state with { Keeper = KeeperStep.Idle, KeeperLocal = default });
            return;
        }

        var written = state;
        moves.Store(ref written, document);
        Finish($"the machine writes {what}", written with { Copy = document }, powersOff);
        Finish($"the machine writes {what}, the answer is lost", written with { Copy = unanswered.Copy }, powersOff);
    }

    private void Finish(string action, SearchState next, bool powersOff)
    {
        next.Keeper = powersOff ? KeeperStep.Saving : KeeperStep.Idle;
        next.KeeperLocal = default;
        next.HasPassed = true;
        if (powersOff) moves.CheckPromises(next, "the machine decides to power off");
        moves.Add(action, next);
    }

    private (ushort Document, bool PowersOff) DecisionOf(in SearchState state, ushort document)
    {
        int uptime = Math.Max(0, state.Time - state.BootAt) * SearchSettings.Step;
        var key = (document, state.Boot, uptime, (int)state.Time);
        if (decided.TryGetValue(key, out var known)) return known;
        long now = (state.Time * SearchSettings.Step) + settings.MachineClock + SearchClock.Zero;
        var decision = rules.Keep(
            documents[document], new KeeperState(state.Boot.ToString(CultureInfo.InvariantCulture), uptime), now);
        ushort number = ReferenceEquals(decision.Document, documents[document]) ? document : documents.NumberOf(decision.Document);
        return decided[key] = (number, decision.PowersOff);
    }
}
