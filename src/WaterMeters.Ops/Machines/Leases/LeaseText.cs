using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace WaterMeters.Ops.Machines.Leases;

/// <summary>
/// The lease object as text, which a shell script reads too: UTF-8, a record a line, <c>key=value</c> separated by single spaces, values
/// percent-encoded, an empty value is <c>-</c>. Keys and records that are unknown here are kept.
/// </summary>
internal static class LeaseText
{
    /// <summary>The most that is read, in characters: a lease takes about 200.</summary>
    public const int MaxLength = 1 << 20;

    private const string Head = "WMS-LEASE 1", Plain = "._~:@/+-";

    /// <summary>Writes a document.</summary>
    public static string Format(LeaseDocument document)
    {
        var machine = document.Machine;
        var text = new StringBuilder(Head).Append('\n');
        text.Append("machine");
        Add("rev", Number(machine.Revision));
        Add("state", machine.IsStopping ? "stopping" : "open");
        Add("since", Number(machine.Since));
        Add("by", Encode(machine.By));
        Add("stopcall", machine.StopCall == 0 ? "-" : Number(machine.StopCall));
        Add("boot", Encode(machine.Boot));
        Add("seen", Number(machine.Seen));
        Add("instance", Encode(machine.Instance));
        if (machine.Outside.Length > 0) Add("outside", Encode(machine.Outside));
        End(machine.Extra);
        foreach (var lease in document.Leases)
        {
            text.Append("lease");
            Add("id", Encode(lease.Id));
            Add("owner", Encode(lease.Owner));
            Add("purpose", Encode(lease.Purpose));
            Add("taken", Number(lease.Taken));
            Add("deadline", Number(lease.Deadline));
            Add("heartbeat", Number(lease.Heartbeat));
            Add("job", lease.IsJob ? "1" : "0");
            Add("boot", Encode(lease.Boot));
            Add("confirmed", lease.IsConfirmed ? "1" : "0");
            End(lease.Extra);
        }

        foreach (string line in document.Others) text.Append(line).Append('\n');
        return text.ToString();

        void Add(string key, string value) => text.Append(' ').Append(key).Append('=').Append(value);

        void End(string extra) => text.Append(extra.Length > 0 ? " " : "").Append(extra).Append('\n');
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">It is not one, or of a newer format; the message is the end of a sentence.</exception>
    public static LeaseDocument Parse(string text)
    {
        if (text.Length > MaxLength) throw new FormatException("it has more than 1 MiB");
        string[] lines = text.Split('\n');
        if (lines[0].TrimEnd('\r') is var head && head != Head)
        {
            throw new FormatException(head.StartsWith("WMS-LEASE ", StringComparison.Ordinal)
                ? $"its format '{head}' is newer than '{Head}'" : $"its first line is not '{Head}'");
        }

        var document = LeaseDocument.Empty;
        bool hasMachine = false;
        foreach (string line in lines[1..].Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0))
        {
            switch (line.Split(' ', 2)[0])
            {
                case "machine" when !hasMachine:
                    document = document with { Machine = Machine(line) };
                    hasMachine = true;
                    break;
                case "machine":
                    throw new FormatException("it has two lines 'machine'");
                case "lease":
                    var lease = LeaseOf(line);
                    if (document.Find(lease.Id) is not null) throw new FormatException($"it has two leases '{lease.Id}'");
                    document = document with { Leases = document.Leases.Add(lease) };
                    break;
                default:
                    document = document with { Others = document.Others.Add(line) };
                    break;
            }
        }

        return hasMachine ? document : throw new FormatException("it has no line 'machine'");
    }

    private static MachineRecord Machine(string line)
    {
        var values = new Values(line);
        string state = values.Text("state", "open");
        return new MachineRecord
        {
            Revision = values.Number("rev"),
            IsStopping = state == "stopping" || (state == "open" ? false : throw new FormatException($"state={state} is unknown")),
            Since = values.Number("since"),
            By = values.Text("by"),
            StopCall = values.Number("stopcall"),
            Boot = values.Text("boot"),
            Seen = values.Number("seen"),
            Instance = values.Text("instance"),
            Outside = values.Text("outside"),
            Extra = values.Rest(),
        };
    }

    private static Lease LeaseOf(string line)
    {
        var values = new Values(line);
        return new Lease
        {
            Id = values.Text("id") is { Length: > 0 } id ? id : throw new FormatException("a lease has no id"),
            Owner = values.Text("owner"),
            Purpose = values.Text("purpose"),
            Taken = values.Number("taken"),
            Deadline = values.Number("deadline"),
            Heartbeat = values.Number("heartbeat"),
            IsJob = values.Number("job") != 0,
            Boot = values.Text("boot"),
            IsConfirmed = values.Number("confirmed") != 0,
            Extra = values.Rest(),
        };
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Encode(string value)
    {
        if (value is "" or "-") return value.Length == 0 ? "-" : "%2D";
        var text = new StringBuilder(value.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(value))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || Plain.Contains((char)b, StringComparison.Ordinal)) text.Append((char)b);
            else text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return text.ToString();
    }

    /// <summary>The keys and values of a line; those that are asked for are taken out, the others are the rest.</summary>
    private sealed class Values(string line)
    {
        private readonly List<string> pairs = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)];

        public string Text(string key, string missing = "") => Take(key) switch
        {
            null => missing,
            "-" => "",
            var value => Uri.UnescapeDataString(value),
        };

        public long Number(string key) => Take(key) switch
        {
            null or "-" => 0,
            var value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? number : throw new FormatException($"{key}={value} is not a number"),
        };

        public string Rest() => string.Join(' ', pairs);

        private string? Take(string key)
        {
            int at = pairs.FindIndex(pair => pair.StartsWith(key + "=", StringComparison.Ordinal));
            if (at < 0) return null;
            string value = pairs[at][(key.Length + 1)..];
            pairs.RemoveAt(at);
            return value;
        }
    }
}
