using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Tests.Machines.Leases;

/// <summary>Everything that can happen next in a state: time, EC2, S3, clients; the keeper is in <see cref="KeeperMoves"/>.</summary>
internal sealed class SearchMoves
{
    private readonly SearchSettings settings;
    private readonly LeaseRules rules;
    private readonly SearchDocuments documents = new();
    private readonly KeeperMoves keeper;
    private readonly List<(string, SearchState)> moves = [];
    private readonly Dictionary<(int, ushort, int, bool), ushort> decided = [];

    public SearchMoves(SearchSettings settings)
    {
        this.settings = settings;
        rules = new LeaseRules(settings.Times);
        keeper = new KeeperMoves(settings, rules, documents, this);
    }

    /// <summary>What must not happen and did; null: nothing so far.</summary>
    public string? Violation { get; private set; }

    public int Documents => documents.Count;

    /// <summary>The machine off, as the clients leave it; and on, as somebody starts it in the console.</summary>
    public IEnumerable<SearchState> Starts()
    {
        var off = new SearchState
        {
            Stored = 1,
            First = new SearchClient { Starts = (byte)settings.First.Starts, Stops = (byte)settings.First.Stops },
            Second = new SearchClient { Starts = (byte)settings.Second.Starts, Stops = (byte)settings.Second.Stops },
            Copy = 1,
            Crashes = (byte)settings.Crashes,
        };
        yield return off;
        yield return off with { IsOn = true, Boot = 1 };
    }

    /// <summary>Returns what can happen next, and the states that follow.</summary>
    public IReadOnlyList<(string Action, SearchState State)> From(in SearchState state)
    {
        moves.Clear();
        Time(state);
        if (state.IsOn) keeper.Add(state);
        Client(state, state.First, isFirst: true);
        Client(state, state.Second, isFirst: false);
        return moves;
    }

    /// <summary>Adds a move.</summary>
    internal void Add(string action, in SearchState next) => moves.Add((action, next));

    /// <summary>Writes a content into S3: every other reading of it is out of date.</summary>
    internal void Store(ref SearchState state, ushort document)
    {
        state.Stored = document;
        state.KeeperLocal = state.KeeperLocal with { IsCurrent = false };
        state.First.Local = state.First.Local with { IsCurrent = false };
        state.Second.Local = state.Second.Local with { IsCurrent = false };
        state.KeeperLate = state.First.Late = state.Second.Late = default;
        foreach (var lease in documents[document].Leases)
        {
            state.LastDeadline = (short)Math.Max(state.LastDeadline, lease.Deadline - SearchClock.Zero);
        }

        var machine = documents[document].Machine;
        if (machine.StopCall == 0) return;
        long settled = machine.StopCall + settings.Times.Settle - SearchClock.Zero;
        state.LastDeadline = (short)Math.Max(state.LastDeadline, settled);
    }

    /// <summary>The machine goes off, for whatever reason.</summary>
    internal void Off(ref SearchState state, string by)
    {
        CheckPromises(state, by);
        state.WasOn = state.HasChanged = true;
        state.IsOn = false;
        state.Keeper = KeeperStep.Idle;
        state.KeeperLocal = default;
        state.Saving = 0;
        state.HasPassed = false;
        state.BootAt = 0;
        EndPromises(ref state);
    }

    internal void CheckPromises(in SearchState state, string by)
    {
        int now = state.Time * SearchSettings.Step;
        foreach (var (name, client) in new[] { ("A", state.First), ("B", state.Second) })
        {
            if (client.Told > 0 && client.ToldBoot == state.Boot && now <= client.Told)
            {
                Violation ??= $"{by} under the lease of {name}, who was told that it is ready until {client.Told} s; it is {now} s";
            }
        }
    }

    /// <summary>A lease of an earlier boot is void.</summary>
    internal static void EndPromises(ref SearchState state)
    {
        state.First.Told = state.Second.Told = 0;
        state.First.ToldBoot = state.Second.ToldBoot = 0;
    }

    private void Time(in SearchState state)
    {
        // The keeper passes at least once a step; saving takes one at most, and so does a call of StopInstances.
        if (state.Time >= settings.Horizon) return;
        bool isBusy = state.Keeper == KeeperStep.Saving ? state.Saving >= 1 : !state.HasPassed || state.Keeper != KeeperStep.Idle;
        if (state.IsOn && isBusy) return;
        if (IsOverdue(state.First, state.Time) || IsOverdue(state.Second, state.Time)) return;
        var next = state;
        next.Time++;
        next.HasPassed = next.HasChanged = next.WasOn = false;
        if (next.Keeper == KeeperStep.Saving) next.Saving++;
        int now = next.Time * SearchSettings.Step;
        if (next.First.Told < now) (next.First.Told, next.First.ToldBoot) = (0, 0);
        if (next.Second.Told < now) (next.Second.Told, next.Second.ToldBoot) = (0, 0);
        if (!next.IsOn) next.LastDeadline = (short)Math.Max(next.LastDeadline, now - 300);
        if (next.IsOn && next.Keeper != KeeperStep.Saving)
        {
            long last = Math.Max(next.LastDeadline, (next.BootAt * SearchSettings.Step) + settings.Times.BootGrace);
            if (now > last + (2 * settings.Clocks) + SearchSettings.Step)
            {
                Violation ??= $"the machine is on at {now} s; the last deadline was {next.LastDeadline} s";
            }
        }

        Add($"-- it is {now} s", next);

        static bool IsOverdue(in SearchClient client, int time) => client.CallAt > 0 && time >= client.CallAt;
    }

    private void Client(in SearchState state, in SearchClient client, bool isFirst)
    {
        string name = isFirst ? "A" : "B";
        int clock = isFirst ? settings.FirstClock : settings.SecondClock;
        long now = (state.Time * SearchSettings.Step) + clock + SearchClock.Zero;
        Messages(state, client, isFirst);
        var local = documents[client.Local.Document];
        bool sawOff = client.SawOff;
        switch (client.Step)
        {
            case ClientStep.Idle:
                if (client.Starts > 0)
                {
                    Go(state, isFirst, $"{name} starts", client with { Step = ClientStep.StartRead, Starts = (byte)(client.Starts - 1) });
                }

                if (client.Stops > 0)
                {
                    Go(state, isFirst, $"{name} stops", client with
                    {
                        Step = ClientStep.StopRead,
                        Stops = (byte)(client.Stops - 1),
                        Told = 0,
                        ToldBoot = 0,
                    });
                }

                return;
            case ClientStep.StartRead when client.HasWritten && IsReady(state, name):
                var lease = documents[state.Stored].Find(name)!;
                Go(state, isFirst, $"{name} is told that the machine is ready", Ended(client) with
                {
                    Told = (short)(lease.Deadline - SearchClock.Zero),
                    ToldBoot = settings.Fault == PlantedFault.NoConfirmation ? state.Boot
                        : byte.Parse(lease.Boot, System.Globalization.CultureInfo.InvariantCulture),
                });
                break;
            case ClientStep.StartRead or ClientStep.StopRead:
                Read(state, client, isFirst, !state.IsOn);
                if (state.HasChanged && state.WasOn != state.IsOn) Read(state, client, isFirst, !state.WasOn);
                break;
            case ClientStep.StartWrite when client.HasWritten && local.Find(name) is not null && !local.Machine.IsStopping:
                Go(state, isFirst, $"{name} waits", Again(client, ClientStep.StartRead));
                if (client.SawOff && !state.IsOn && state.Boot < settings.Boots)
                {
                    var next = Set(state, isFirst, Again(client, ClientStep.StartRead));
                    Boot(ref next);
                    Add($"{name} starts the instance", next);
                }

                break;
            case ClientStep.StartWrite:
                Write(state, client, isFirst, Decide(0, client, name, now, () => Taken(local, name, sawOff, now)),
                    ClientStep.StartRead, ClientStep.StartRead, "its lease");
                break;
            case ClientStep.StopWrite:
                Stop(state, client, isFirst, name, local, now);
                break;
            case ClientStep.StopCall:
                // It calls in the step of its writing or not at all, and the call arrives within a step more or not at all.
                Go(state, isFirst, $"{name} does not call StopInstances", Again(client, ClientStep.StopRead));
                if (client.AnnouncedAt == state.Time + 1)
                {
                    Go(state, isFirst, $"{name} calls StopInstances",
                        Again(client, ClientStep.StopRead) with { CallAt = (byte)(state.Time + 1) });
                }

                break;
        }

        Go(state, isFirst, $"{name} ends", Ended(client));
    }

    /// <summary>
    /// Reads the object, then asks EC2, in one step: if the object changes in between, the writing is refused anyway. What EC2 says may be
    /// a moment old.
    /// </summary>
    private void Read(in SearchState state, in SearchClient client, bool isFirst, bool seesOff) =>
        Go(state, isFirst, $"{(isFirst ? "A" : "B")} reads, and sees EC2 {(seesOff ? "off" : "on")}", client with
        {
            Step = client.Step + 1,
            Local = new Reading(state.Stored, true),
            SawOff = seesOff,
        });

    private void Stop(in SearchState state, in SearchClient client, bool isFirst, string name, LeaseDocument local, long now)
    {
        bool isOff = client.SawOff;
        ushort released = Decide(1, client, name, now, () => rules.Release(local, name, false, now));
        if (released != client.Local.Document)
        {
            Write(state, client, isFirst, released, ClientStep.StopRead, ClientStep.StopRead, "that its lease is released");
        }
        else if (!local.Machine.IsStopping || isOff)
        {
            Go(state, isFirst, $"{name} has stopped", Ended(client));
        }
        else if (settings.Fault == PlantedFault.UnannouncedCall)
        {
            var calling = client with { Step = ClientStep.StopCall, AnnouncedAt = (byte)(state.Time + 1) };
            Go(state, isFirst, $"{name} is about to call StopInstances", calling);
        }
        else
        {
            ushort announced = Decide(2, client, name, now, () => rules.AnnounceCall(local, name, now));
            Write(state, client, isFirst, announced, ClientStep.StopCall, ClientStep.StopRead, "that it calls StopInstances");
        }
    }

    /// <summary>A writing: it arrives or not, its answer arrives or not, it arrives later, or it is refused.</summary>
    private void Write(
        in SearchState state, in SearchClient client, bool isFirst, ushort document, ClientStep done, ClientStep other, string what)
    {
        string name = isFirst ? "A" : "B";
        Go(state, isFirst, $"{name} does not write {what}", Again(client, other));
        if (document == 0) return;
        if (!client.Local.IsCurrent && settings.Fault != PlantedFault.NoCompareAndSet) return;
        var stored = state;
        Store(ref stored, document);
        var written = isFirst ? stored.First : stored.Second;
        var knows = Again(written, done) with
        {
            HasWritten = client.HasWritten || client.Step == ClientStep.StartWrite,
            AnnouncedAt = done == ClientStep.StopCall ? (byte)(state.Time + 1) : (byte)0,
        };
        Add($"{name} writes {what}", Set(stored, isFirst, knows));
        Add($"{name} writes {what}, the answer is lost", Set(stored, isFirst, Again(written, other)));
        if (settings.LateWrites && client.Late.Document == 0)
        {
            Go(state, isFirst, $"{name} gives up writing {what}", Again(client, other) with { Late = new Reading(document, true) });
        }
    }

    /// <summary>What a client sent and has given up.</summary>
    private void Messages(in SearchState state, in SearchClient client, bool isFirst)
    {
        string name = isFirst ? "A" : "B";
        if (client.CallAt > 0)
        {
            Go(state, isFirst, $"the call of {name} is lost", client with { CallAt = 0 });
            var next = Set(state, isFirst, client with { CallAt = 0 });
            if (next.IsOn)
            {
                Off(ref next, $"the call of StopInstances by {name}");
                Add($"the call of {name} stops the instance", next);
            }
        }

        if (client.Late.Document != 0)
        {
            Go(state, isFirst, $"the late writing of {name} is lost", client with { Late = default });
            var next = state;
            Store(ref next, client.Late.Document);
            Add($"the late writing of {name} arrives", next);
        }
    }

    private LeaseDocument? Taken(LeaseDocument local, string name, bool isOff, long now)
    {
        var next = rules.Take(local, new Lease { Id = name, Deadline = now + (settings.Lease * SearchSettings.Step) }, isOff, now);
        return settings.Fault == PlantedFault.RenewedAsConfirmed && next is not null && local.Find(name) is { IsConfirmed: true } old
            ? next.With(next.Find(name)! with { IsConfirmed = true, Boot = old.Boot }) : next;
    }

    private bool IsReady(in SearchState state, string name) => settings.Fault == PlantedFault.NoConfirmation
        ? state.IsOn && documents[state.Stored] is { Machine.IsStopping: false } stored && stored.Find(name) is not null
        : LeaseRules.IsReady(documents[state.Stored], name);

    /// <summary>Decides once for each content, time and view.</summary>
    private ushort Decide(int kind, in SearchClient client, string name, long now, Func<LeaseDocument?> decide)
    {
        var key = ((kind * 2) + name[0] - 'A', client.Local.Document, (int)now, client.SawOff);
        if (decided.TryGetValue(key, out ushort number)) return number;
        var next = decide();
        return decided[key] = next is null ? (ushort)0
            : ReferenceEquals(next, documents[client.Local.Document]) ? client.Local.Document : documents.NumberOf(next);
    }

    private static void Boot(ref SearchState state)
    {
        (state.HasChanged, state.WasOn, state.IsOn) = (true, false, true);
        state.Boot++;
        state.BootAt = state.Time;
        state.Keeper = KeeperStep.Idle;
        state.HasPassed = false;
        EndPromises(ref state);
    }

    private static SearchClient Again(in SearchClient client, ClientStep step) =>
        client with { Step = step, Local = default, AnnouncedAt = 0, SawOff = false };

    private static SearchClient Ended(in SearchClient client) => Again(client, ClientStep.Idle) with { HasWritten = false };

    private static SearchState Set(SearchState state, bool isFirst, SearchClient client)
    {
        if (isFirst) state.First = client;
        else state.Second = client;
        return state;
    }

    private void Go(in SearchState state, bool isFirst, string action, in SearchClient client) =>
        Add(action, Set(state, isFirst, client));
}
