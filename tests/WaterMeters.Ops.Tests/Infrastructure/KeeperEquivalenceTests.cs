using System.Diagnostics;
using WaterMeters.Ops.Machines.Leases;
using Text = WaterMeters.Ops.Machines.Leases.LeaseText;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>The script's rules and the module's are the same: random documents, each read by both.</summary>
public sealed class KeeperEquivalenceTests
{
    private const long Now = 1_796_000_000;

    private static readonly long[] Ages = [0, 1, 59, 60, 299, 300, 301, 479, 480, 599, 600, 601, 2699, 2700, 3599, 3600, 3601, 9000];

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = MachineShell.Missing)]
    public void Decides_and_writes_as_the_rules_of_the_module_do()
    {
        using var folder = new TempFolder();
        var random = new Random(20);
        var times = LeaseTimes.Default;
        int count = ProcessMemory.Full ? 5_000 : 150, off = 0, written = 0, longer = 0;
        for (int i = 0; i < count; i++)
        {
            var state = new KeeperState("boot-2", Pick(random, Ages))
            {
                SetupAge = random.Next(4) == 0 ? Pick(random, Ages) : long.MaxValue,
                Heartbeats = Beats(random),
                Outside = Pick(random, ["", "", "i-0abc"]),
            };
            var document = Document(random);
            var expected = new LeaseRules(times).Keep(document, state, Now);
            var (facts, text) = Run(folder, Text.Format(document), state);
            string what = $"document {i}: {facts}\n{Text.Format(document)}uptime {state.Uptime}, setup {state.SetupAge}";
            Assert.True(facts.StartsWith("bad=0", StringComparison.Ordinal), what);
            bool isOff = facts.EndsWith("does=off", StringComparison.Ordinal) || facts.EndsWith("does=stop", StringComparison.Ordinal);

            if (!isOff && expected.PowersOff && document.Leases.Any(lease => LivesLonger(lease, state)))
            {
                longer++;
                continue;
            }

            Assert.True(expected.PowersOff == isOff, what);
            bool isWritten = facts.Contains("changed=1", StringComparison.Ordinal);
            Assert.True(isWritten == !ReferenceEquals(expected.Document, document), what);
            Assert.Equal(Comparable(expected.Document), Comparable(Text.Parse(text)));
            off += isOff ? 1 : 0;
            written += isWritten ? 1 : 0;
        }

        Assert.True(off > count / 20 && written > count / 20, $"{off} off, {written} written: the documents are not mixed");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"figure: {count} documents, {written} written, {off} off, {longer} kept on longer by the machine: no other difference");
    }

    /// <summary>
    /// Whether a job lives longer for the machine than for a client: after a long start, and by a heartbeat that is not copied yet.
    /// </summary>
    private static bool LivesLonger(Lease lease, KeeperState state)
    {
        if (!lease.IsJob || lease.Deadline + 120 < Now || (lease.Boot.Length > 0 && lease.Boot != state.Boot)) return false;
        long beat = state.Heartbeats!.GetValueOrDefault(lease.Id);
        bool isBeating = Math.Max(lease.Heartbeat, beat >= lease.Taken - 120 ? beat : 0) + 300 >= Now;
        bool isBeginning = lease.Heartbeat == 0 && Math.Max(lease.Taken, Now - state.Uptime) + 600 >= Now;
        return isBeginning || isBeating;
    }

    /// <summary>The script says each time it writes when that was; the module only when it has confirmed something.</summary>
    private static string Comparable(LeaseDocument document) =>
        Text.Format(document with { Machine = document.Machine with { Seen = 0 } });

    private static T Pick<T>(Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private static Dictionary<string, long> Beats(Random random) => Enumerable.Range(0, 3).Where(_ => random.Next(2) == 0)
        .ToDictionary(i => $"run-{i}", _ => Now - Pick(random, Ages));

    private static LeaseDocument Document(Random random) => new()
    {
        Machine = new MachineRecord
        {
            Revision = random.Next(100),
            IsStopping = random.Next(3) == 0,
            Since = Now - Pick(random, Ages),
            By = Pick(random, ["", "run-1", MachineRecord.Itself]),
            StopCall = random.Next(2) == 0 ? 0 : Now - Pick(random, Ages),
            Boot = Pick(random, ["", "boot-1", "boot-2", "boot-2"]),
            Seen = Now - Pick(random, Ages),
            Outside = Pick(random, ["", "", "i-0abc", "i-0def"]),
            Extra = Pick(random, ["", "new=%20a"]),
        },
        Leases = [.. Enumerable.Range(0, random.Next(4)).Select(i => new Lease
        {
            Id = $"run-{i}",
            Owner = Pick(random, ["", "ana@PC", "Zażółć gęślą", "-"]),
            Taken = Now - Pick(random, Ages),
            Deadline = Now + Pick(random, [-9000, -121, -120, -119, 0, 1, 9000]),
            Heartbeat = random.Next(2) == 0 ? 0 : Now - Pick(random, Ages),
            IsJob = random.Next(2) == 0,
            Boot = Pick(random, ["", "boot-1", "boot-2"]),
            IsConfirmed = random.Next(2) == 0,
        })],
        Others = random.Next(5) == 0 ? ["newer record=1"] : [],
    };

    /// <summary>Runs the rules of the script over a document: what it says, and what it prints.</summary>
    private static (string Facts, string Text) Run(TempFolder folder, string document, KeeperState state)
    {
        File.WriteAllText(folder["document"], document);
        File.WriteAllLines(folder["beats"], state.Heartbeats!.Select(beat => $"{beat.Key} {beat.Value}"));
        string rules = Path.Combine(SharedFolder.RepositoryRoot(), "infra", "machine", "lease.awk");
        string setup = state.SetupAge == long.MaxValue ? "" : $"{state.SetupAge}";
        string[] arguments =
        [
            "-v", $"now={Now}", "-v", $"boot={state.Boot}", "-v", $"up={state.Uptime}", "-v", $"since={Now - state.Uptime}",
            "-v", $"setup={setup}", "-v", "instance=", "-v", $"outside={state.Outside}", "-v", "absent=0",
            "-v", $"beats={folder["beats"]}", "-v", $"facts={folder["facts"]}",
            "-f", rules, folder["document"],
        ];
        var start = new ProcessStartInfo("awk", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var awk = Process.Start(start)!;
        var error = awk.StandardError.ReadToEndAsync();
        string text = awk.StandardOutput.ReadToEnd();
        awk.WaitForExit();
        Assert.Equal("", error.GetAwaiter().GetResult());
        return (File.ReadAllText(folder["facts"]).TrimEnd(), text);
    }
}
