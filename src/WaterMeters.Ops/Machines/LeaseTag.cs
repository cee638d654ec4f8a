using System.Buffers;
using System.Globalization;
using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Machines;

/// <summary>The tag of the instance that shows who keeps it on. It is never read: tags know no compare-and-set.</summary>
internal static class LeaseTag
{
    /// <summary>Its key. Terraform ignores its value.</summary>
    public const string Name = "wms:lease";

    /// <summary>The value while nobody has a lease.</summary>
    public const string None = "-";

    private const int Longest = 256;

    private static readonly SearchValues<char> Others = SearchValues.Create(" +-=._:/@");

    /// <summary>Returns the value: owner and deadline of each lease, in characters that tags may have.</summary>
    public static string Text(IEnumerable<Lease> live)
    {
        string text = string.Join(" / ", live.Select(lease => string.Create(CultureInfo.InvariantCulture,
            $"{lease.Owner} until {DateTimeOffset.FromUnixTimeSeconds(lease.Deadline).UtcDateTime:yyyy-MM-dd HH:mm}Z")));
        if (text.Length == 0) return None;
        string safe = string.Concat(text.Select(letter => char.IsLetterOrDigit(letter) || Others.Contains(letter) ? letter : '_'));
        return safe.Length <= Longest ? safe : safe[..Longest];
    }
}
