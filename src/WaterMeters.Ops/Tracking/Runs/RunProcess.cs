using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>Which process a run belongs to, and whether it is still alive.</summary>
internal static class RunProcess
{
    /// <summary>Two readings of one start time differ by what the system's clock was adjusted in between.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>Tags that identify this process.</summary>
    public static Dictionary<string, string> Tags()
    {
        using var process = Process.GetCurrentProcess();
        return new Dictionary<string, string>
        {
            [RunTags.Host] = Environment.MachineName,
            [RunTags.ProcessId] = process.Id.ToString(CultureInfo.InvariantCulture),
            [RunTags.ProcessStart] = process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>
    /// Whether a run's process ended without a word: the run is of this computer, and no process has its identifier and start time.
    /// </summary>
    public static bool IsDead(IReadOnlyDictionary<string, string> tags)
    {
        if (!tags.TryGetValue(RunTags.Host, out string? host) ||
            !host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase) ||
            !int.TryParse(tags.GetValueOrDefault(RunTags.ProcessId), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ||
            !DateTime.TryParse(
                tags.GetValueOrDefault(RunTags.ProcessStart), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var start))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return (process.StartTime.ToUniversalTime() - start.ToUniversalTime()).Duration() > Tolerance;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return true; // there is none, or it has just ended
        }
        catch (Win32Exception)
        {
            return false; // another user's process: better a run too many that seems to run
        }
    }
}
