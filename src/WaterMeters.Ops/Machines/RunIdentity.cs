using System.Diagnostics;
using System.Globalization;

namespace WaterMeters.Ops.Machines;

/// <summary>Who takes a lease. Computed, never handed over: a later step in the same place finds the same lease.</summary>
/// <param name="Id">Identifier of the run.</param>
/// <param name="Owner">For people.</param>
public sealed record RunIdentity(string Id, string Owner)
{
    private static readonly string Session = SessionName();

    /// <summary>
    /// In GitHub Actions the repository and the run, whatever attempt it is; elsewhere user, computer and PowerShell process.
    /// </summary>
    /// <param name="given">The identifier of -RunId; null: it is computed.</param>
    /// <param name="variable">Returns a variable of the environment; null when it is not set.</param>
    public static RunIdentity Of(string? given, Func<string, string?> variable)
    {
        string person = $"{Environment.UserName}@{Environment.MachineName}";
        if (variable("GITHUB_RUN_ID") is { Length: > 0 } run && variable("GITHUB_REPOSITORY_ID") is { Length: > 0 } repository)
        {
            string owner = $"{variable("GITHUB_REPOSITORY")} {variable("GITHUB_WORKFLOW")}".Trim();
            return new RunIdentity(given ?? $"gh-{repository}-{run}", owner.Length > 0 ? owner : "GitHub Actions");
        }

        return new RunIdentity(given ?? $"{person}:{Session}", person);
    }

    private static string SessionName()
    {
        using var process = Process.GetCurrentProcess();
        long start = new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{process.Id}-{start:x}");
    }
}
