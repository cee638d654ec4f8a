using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>A lease document as a client writes it: text, so that the tests of the machine do not depend on our own reader.</summary>
internal sealed partial record LeaseText(string Text)
{
    /// <summary>The document of a machine that nobody has started.</summary>
    public static LeaseText Empty { get; } = new("WMS-LEASE 1\nmachine state=open since=0 by=- boot=- seen=0 instance=-\n");

    /// <summary>The ids of the leases, in order.</summary>
    public IReadOnlyList<string> Leases =>
        [.. Text.Split('\n').Where(line => line.StartsWith("lease ", StringComparison.Ordinal)).Select(line => Value(line, "id"))];

    /// <summary>Returns a key of the machine's record.</summary>
    public string Machine(string key) => Value(Line("machine "), key);

    /// <summary>Returns a key of a lease.</summary>
    public string Lease(string id, string key) => Value(Line($"lease id={id} "), key);

    /// <summary>Adds a lease as a client takes it: not confirmed.</summary>
    public LeaseText Take(string id, long taken, long deadline, bool job = false) => new(
        Without(id).Text.Replace("state=stopping", "state=open", StringComparison.Ordinal)
        + $"lease id={id} owner=ana%20@PC-7 purpose=training taken={taken} deadline={deadline} heartbeat=0 job={(job ? 1 : 0)} "
        + "boot=- confirmed=0\n");

    /// <summary>Removes a lease.</summary>
    public LeaseText Without(string id) => new(
        string.Join('\n', Text.Split('\n').Where(line => !line.StartsWith($"lease id={id} ", StringComparison.Ordinal))));

    /// <summary>Sets the state to stopping, as a client does that has released the last lease.</summary>
    public LeaseText Stop(long now) => new(StateRecord().Replace(Text, $"machine state=stopping since={now} by=ana "));

    private string Line(string start) => Text.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal));

    private static string Value(string line, string key) =>
        line.Split(' ').Single(field => field.StartsWith(key + "=", StringComparison.Ordinal))[(key.Length + 1)..];

    [GeneratedRegex("machine state=[a-z]+ since=[0-9]+ by=[^ ]+ ")]
    private static partial Regex StateRecord();
}
