using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Terraform;

/// <summary>
/// Starts terraform: without a prompt, without the variables that change its arguments or log its memory, and ended so that it can release
/// its lock and save the state.
/// </summary>
/// <param name="program">Absolute path of the program.</param>
/// <param name="folder">Absolute path of the folder with the files.</param>
/// <param name="patience">How long it may take to end after a stop; null: 10 minutes, for it saves what it has done.</param>
internal sealed partial class TerraformProcess(string program, string folder, TimeSpan? patience = null)
{
    /// <summary>SIGINT: terraform ends after what it is just doing.</summary>
    private const int Interrupt = 2;

    private readonly TimeSpan patience = patience ?? TimeSpan.FromMinutes(10);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="line">Called with each line of the output, on another thread; null to collect them.</param>
    /// <param name="cancellation">Asks terraform to end, and waits for it.</param>
    /// <returns>Its exit code, output and messages.</returns>
    /// <exception cref="TerraformException">It does not start.</exception>
    public (int ExitCode, string Output, string Error) Run(
        IEnumerable<string> arguments, Action<string>? line, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var process = Start(arguments);
        process.StandardInput.Close();
        bool wasInterrupted = false;
        var output = new StringBuilder();
        var reading = Task.Run(
            async () =>
            {
                while (await process.StandardOutput.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } text)
                {
                    // Ctrl+C on a console reaches terraform too, and a second signal would make it give up its state.
                    if (text.Contains("nterrupt received", StringComparison.Ordinal)) Volatile.Write(ref wasInterrupted, true);
                    try
                    {
                        if (line is null) output.AppendLine(text);
                        else line(text);
                    }
                    catch (OperationCanceledException)
                    {
                        // No one listens any more, but terraform must not wait for a reader while it ends.
                    }
                }
            },
            CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using (cancellation.Register(() => Stop(process, ref wasInterrupted))) process.WaitForExit();
        reading.GetAwaiter().GetResult();
        string messages = error.GetAwaiter().GetResult();
        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output.ToString(), messages);
    }

    private Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, [$"-chdir={folder}", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsForeign).ToList()) start.Environment.Remove(name);
        start.Environment["TF_IN_AUTOMATION"] = "1";
        start.Environment["TF_INPUT"] = "0";
        start.Environment["CHECKPOINT_DISABLE"] = "1";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new TerraformException(
                TerraformFault.NotInstalled, program, $"Cannot start '{program}': {e.Sentence()} Install terraform again.", e);
        }
    }

    /// <summary>Variables that add arguments, or write what terraform knows to a log.</summary>
    private static bool IsForeign(string name) =>
        name.StartsWith("TF_CLI_ARGS", StringComparison.Ordinal) || name.StartsWith("TF_LOG", StringComparison.Ordinal);

    private void Stop(Process process, ref bool wasInterrupted)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && !process.WaitForExit(TimeSpan.FromSeconds(1)) && !Volatile.Read(ref wasInterrupted))
            {
                _ = Signal(process.Id, Interrupt);
            }

            // On Windows, Ctrl+C has reached it; after another kind of stop, what it is doing comes to its end.
            if (!process.WaitForExit(patience)) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
