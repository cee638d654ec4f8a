using System.Globalization;
using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>
/// A lease document as a client writes it: text, so that the tests of the machine do not depend on our own reader. Each change is the next
/// revision.
/// </summary>
internal sealed partial record LeaseText(string Text)
{
    /// <summary>The document of a machine that nobody has started.</summary>
    public static LeaseText Empty { get; } =
        new("WMS-LEASE 1\nmachine rev=0 state=open since=0 by=- stopcall=- boot=- seen=0 instance=-\n");

    /// <summary>The ids of the leases, in order.</summary>
    public IReadOnlyList<string> Leases =>
        [.. Text.Split('\n').Where(line => line.StartsWith("lease ", StringComparison.Ordinal)).Select(line => Value(line, "id"))];

    /// <summary>Returns a key of the machine's record.</summary>
    public string Machine(string key) => Value(Line("machine "), key);

    /// <summary>Returns a key of a lease.</summary>
    public string Lease(string id, string key) => Value(Line($"lease id={id} "), key);

    /// <summary>Adds a lease as a client takes it, or renews it: not confirmed, and the same time of taking.</summary>
    public LeaseText Take(string id, long taken, long deadline, bool job = false)
    {
        string since = Leases.Contains(id) ? Lease(id, "taken") : taken.ToString(CultureInfo.InvariantCulture);
        return Next(Removed(id).Replace("state=stopping", "state=open", StringComparison.Ordinal)
            + $"lease id={id} owner=ana%20@PC-7 purpose=training taken={since} deadline={deadline} heartbeat=0 job={(job ? 1 : 0)} "
            + "boot=- confirmed=0\n");
    }

    /// <summary>Removes a lease.</summary>
    public LeaseText Without(string id) => Next(Removed(id));

    /// <summary>Sets the state to stopping, as a client does that has released the last lease.</summary>
    public LeaseText Stop(long now) => Next(StateRecord().Replace(Text, $" state=stopping since={now} by=ana "));

    /// <summary>Announces a call of StopInstances, as a client does for a machine that does not power off.</summary>
    public LeaseText AnnounceCall(long now) => Next(Text.Replace("stopcall=-", $"stopcall={now}", StringComparison.Ordinal));

    private static LeaseText Next(string text) =>
        new(Revision().Replace(text, match => $"rev={long.Parse(match.Value[4..], CultureInfo.InvariantCulture) + 1}", 1));

    private string Removed(string id) =>
        string.Join('\n', Text.Split('\n').Where(line => !line.StartsWith($"lease id={id} ", StringComparison.Ordinal)));

    private string Line(string start) => Text.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal));

    private static string Value(string line, string key) =>
        line.Split(' ').Single(field => field.StartsWith(key + "=", StringComparison.Ordinal))[(key.Length + 1)..];

    [GeneratedRegex(" state=[a-z]+ since=[0-9]+ by=[^ ]+ ")]
    private static partial Regex StateRecord();

    [GeneratedRegex("rev=[0-9]+")]
    private static partial Regex Revision();
}
