using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines.Tunnels;

/// <summary>
/// The program session-manager-plugin while it forwards a port: started as the AWS CLI does, and ended with its children. What it prints is
/// kept for an error, without the token of its session.
/// </summary>
internal sealed partial class PluginProcess : IDisposable
{
    /// <summary>The variable that newer versions read the session from, and remove from their environment.</summary>
    private const string ResponseName = "AWS_SSM_START_SESSION_RESPONSE";

    private const int KeptLines = 3, Interrupt = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Process process;
    private readonly Task reading;
    private readonly Queue<string> lines = new();
    private readonly string[] secrets;

    /// <summary>Starts the program.</summary>
    /// <param name="program">Its absolute path.</param>
    /// <param name="opened">The session.</param>
    /// <param name="settings">Region, profile and keys.</param>
    /// <param name="host">The address of this computer that it listens on.</param>
    /// <param name="isHidden">Whether the session is passed in a variable: the list of processes shows arguments to every user.</param>
    /// <exception cref="InfrastructureException"><see cref="InfrastructureFault.TunnelFailed"/>: it does not start.</exception>
    public PluginProcess(string program, OpenedSession opened, AwsSettings settings, string host, bool isHidden)
    {
        secrets = [opened.Token, opened.StreamUrl];
        var start = new ProcessStartInfo(
            program,
            [
                isHidden ? ResponseName : opened.Response, settings.RequireRegion(), "StartSession", settings.ProfileName ?? "",
                opened.Request, opened.Endpoint,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (isHidden) start.Environment[ResponseName] = opened.Response;

        // A user's own value could open the port to the network.
        start.Environment["SSM_PLUGIN_LOCAL_HOST"] = host;
        if (settings.Keys is { } keys)
        {
            // It connects again with them, and those of Set-AWSCredential are in no environment.
            start.Environment["AWS_ACCESS_KEY_ID"] = keys.AccessKey;
            start.Environment["AWS_SECRET_ACCESS_KEY"] = keys.SecretKey;
            if (keys.SessionToken is { } token) start.Environment["AWS_SESSION_TOKEN"] = token;
            else start.Environment.Remove("AWS_SESSION_TOKEN");
        }

        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InfrastructureException(
                InfrastructureFault.TunnelFailed, program, $"Cannot start '{program}': {e.Sentence()} Install it again.", e);
        }

        reading = Task.WhenAll(Read(process.StandardOutput), Read(process.StandardError));
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>The last lines that it has printed, joined; empty: none.</summary>
    public string LastLines
    {
        get
        {
            if (HasEnded) reading.Wait(Patience); // what it printed at its end
            lock (lines) return string.Join(" ", lines);
        }
    }

    /// <summary>Ends it: in order where a signal can ask for that, because it removes a socket from the temporary folder then.</summary>
    public void End()
    {
        try
        {
            if (process.HasExited) return;
            if (!OperatingSystem.IsWindows())
            {
                _ = Signal(process.Id, Interrupt);
                if (process.WaitForExit(Patience)) return;
            }

            process.Kill(entireProcessTree: true);
            process.WaitForExit(Patience);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended. The AggregateException is of one of its children.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        process.Dispose();
    }

    private async Task Read(StreamReader stream)
    {
        try
        {
            while (await stream.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            {
                string text = line.Trim();
                if (text.Length == 0) continue;
                if (secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal))) text = "(a line with the token of the session)";
                lock (lines)
                {
                    lines.Enqueue(text);
                    if (lines.Count > KeptLines) lines.Dequeue();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended, and so has the pipe.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
