using System.ComponentModel;
using System.Diagnostics;

namespace WaterMeters.Ops.Machines.Tunnels;

/// <summary>
/// Finds the program session-manager-plugin, which carries the sessions of SSM: in PATH, or else where its installers put it. They change
/// the PATH of new windows only.
/// </summary>
public static class SessionPlugin
{
    /// <summary>Name of the program.</summary>
    public const string Name = "session-manager-plugin";

    private const string SearchPath = "PATH";

    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(10);

    /// <summary>The last version that takes the token of a session as an argument only, where the list of processes shows it.</summary>
    public static Version LastWithoutVariable { get; } = new(1, 2, 497, 0);

    /// <summary>The command or the page that installs it.</summary>
    public static string Installation => OperatingSystem.IsWindows() ? "winget install Amazon.SessionManagerPlugin"
        : OperatingSystem.IsMacOS() ? "brew install --cask session-manager-plugin"
        : "Install it from https://docs.aws.amazon.com/systems-manager/latest/userguide/"
            + "session-manager-working-with-install-plugin.html.";

    /// <summary>Returns the absolute path of the program; null when it is not installed.</summary>
    public static string? Find()
    {
        string name = OperatingSystem.IsWindows() ? $"{Name}.exe" : Name;
        var folders = (Environment.GetEnvironmentVariable(SearchPath) ?? "").Split(Path.PathSeparator).Concat(Installed());
        return folders.Where(folder => folder.Length > 0 && Path.IsPathFullyQualified(folder))
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Asks a program for its version; null when it does not answer as the plugin does, within 10 seconds.</summary>
    /// <param name="program">Absolute path of the program.</param>
    /// <param name="stop">Stops the work.</param>
    public static Version? ReadVersion(string program, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(VersionLimit);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--version"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                CreateNoWindow = true,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            try
            {
                string answer = process.StandardOutput.ReadToEndAsync(limit.Token).GetAwaiter().GetResult();
                return Version.TryParse(answer.Trim(), out var version) ? version : null;
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException or AggregateException)
        {
            return null; // it does not start: the session says so
        }
    }

    /// <summary>Whether a version takes the token in a variable, as the AWS CLI decides it.</summary>
    /// <param name="version">The version; null: unknown.</param>
    public static bool TakesVariable(Version? version) => version > LastWithoutVariable;

    private static IEnumerable<string> Installed()
    {
        if (!OperatingSystem.IsWindows()) return ["/usr/local/sessionmanagerplugin/bin", "/usr/local/bin", "/opt/homebrew/bin"];
        return ((string[])["ProgramFiles", "ProgramW6432"]).Select(Environment.GetEnvironmentVariable)
            .Where(root => !string.IsNullOrEmpty(root)).Select(root => Path.Combine(root!, "Amazon", "SessionManagerPlugin", "bin"));
    }
}
