using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace WaterMeters.Ops.Git;

/// <summary>
/// Starts git. All git commands of the module go through here: without the variables of the git that runs the hook, without a prompt,
/// with closed input, and ended when the cmdlet is stopped.
/// </summary>
/// <param name="folder">Absolute path of the folder to work in.</param>
internal sealed class GitProcess(string folder)
{
    /// <summary>The highest exit code of a git that came to an end: a signal gives a higher one, a crash a negative one.</summary>
    private const int Fatal = 128;

    private readonly Dictionary<string, string> variables = [];

    /// <summary>The folder to work in.</summary>
    public string Folder { get; } = folder;

    /// <summary>Absolute path of the repository's own folder; null where git finds it from <see cref="Folder"/>.</summary>
    public string? GitFolder { get; init; }

    /// <summary>Returns a copy with one more environment variable.</summary>
    public GitProcess With(string name, string value)
    {
        var copy = new GitProcess(Folder) { GitFolder = GitFolder };
        foreach (var (known, old) in variables) copy.variables[known] = old;
        copy.variables[name] = value;
        return copy;
    }

    /// <summary>Runs a command to its end, whatever its exit code.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="cancellation">Ends git and what it started.</param>
    /// <param name="input">What git reads; null for nothing.</param>
    /// <param name="runsHooks">
    /// Whether hooks of the user run in it, which may leave a program in the background that keeps the pipe of the output open, too.
    /// </param>
    /// <exception cref="GitException">git does not start, or it was killed.</exception>
    public GitOutput Run(
        IEnumerable<string> arguments, CancellationToken cancellation, byte[]? input = null, bool runsHooks = false)
    {
        cancellation.ThrowIfCancellationRequested();
        using var git = Start(arguments);
        using var stop = cancellation.Register(() => Kill(git));
        var error = new PipeReader(git.StandardError.BaseStream);
        var output = new PipeReader(git.StandardOutput.BaseStream);
        Write(git, input);
        git.WaitForExit();
        byte[] bytes = runsHooks ? output.ReadMessages() : output.ReadToEnd(), messages = error.ReadMessages();
        cancellation.ThrowIfCancellationRequested();

        // A git that was killed has answered nothing: that must not count as "there is no such object".
        var result = new GitOutput(git.ExitCode, bytes, Encoding.UTF8.GetString(messages));
        return git.ExitCode is >= 0 and <= Fatal ? result : throw Failed(arguments, result);
    }

    /// <summary>Runs a command that has to succeed.</summary>
    /// <exception cref="GitException"><see cref="GitFault.Failed"/>: it does not; the message has git's own.</exception>
    /// <inheritdoc cref="Run"/>
    public GitOutput Require(IEnumerable<string> arguments, CancellationToken cancellation, byte[]? input = null)
    {
        string[] all = [.. arguments];
        var output = Run(all, cancellation, input);
        return output.IsSuccess ? output : throw Failed(all, output);
    }

    /// <summary>
    /// Returns a git that talks to a remote: its ssh asks nothing either, and a connection that is silent for a minute counts as lost.
    /// </summary>
    public GitProcess ForRemote(CancellationToken cancellation)
    {
        var git = With("GIT_HTTP_LOW_SPEED_LIMIT", "1").With("GIT_HTTP_LOW_SPEED_TIME", "60");
        string? command = Environment.GetEnvironmentVariable("GIT_SSH_COMMAND");
        if (string.IsNullOrEmpty(command))
        {
            var configured = Run(["config", "--get", "core.sshCommand"], cancellation);
            command = configured.IsSuccess && configured.Line.Length > 0 ? configured.Line : null;
        }

        // Another program than OpenSSH may not know the options; closed input keeps it from asking.
        bool isOther = command is null && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("GIT_SSH"));
        return isOther || command?.Contains("plink", StringComparison.OrdinalIgnoreCase) == true ? git : git.With(
            "GIT_SSH_COMMAND",
            $"{command ?? "ssh"} -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=15 -o ServerAliveCountMax=4");
    }

    /// <summary>
    /// Returns a git that uses an address as it is. git has applied url.*.insteadOf to it already; to apply it again could lead elsewhere.
    /// The longest match counts, and none is longer than the address itself.
    /// </summary>
    public GitProcess WithAddress(string url) => With("GIT_CONFIG_COUNT", "2")
        .With("GIT_CONFIG_KEY_0", $"url.{url}.insteadOf").With("GIT_CONFIG_VALUE_0", url)
        .With("GIT_CONFIG_KEY_1", $"url.{url}.pushInsteadOf").With("GIT_CONFIG_VALUE_1", url);

    /// <summary>Starts a command that is written to and read from while it runs. Its messages are for the caller to read.</summary>
    public Process Start(IEnumerable<string> arguments)
    {
        string[] place = GitFolder is null ? [] : [$"--git-dir={GitFolder}"];
        var start = new ProcessStartInfo(GitProgram.Path, [.. place, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        GitEnvironment.Prepare(start.Environment);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw GitProgram.Missing(e);
        }
    }

    /// <summary>Ends a process and what it started.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException or AggregateException)
        {
            // It has ended.
        }
    }

    /// <summary>Returns a message of git as one sentence.</summary>
    public static string Sentence(string reason) => reason.Length == 0 ? "git gave no reason." : reason.TrimEnd('.', ' ') + ".";

    private GitException Failed(IEnumerable<string> arguments, GitOutput output)
    {
        string[] words = [.. arguments.SkipWhile(argument => argument == "-c" || argument.Contains('=', StringComparison.Ordinal))];
        return new GitException(
            GitFault.Failed,
            Folder,
            $"'git {words.FirstOrDefault()}' failed in '{Folder}': {Sentence(output.Reason)} {Remedy(output.Reason)}");
    }

    private static string Remedy(string reason) => reason.Contains("could not lock config file", StringComparison.Ordinal)
        ? "If no other git is running, remove the file with the same name and '.lock' at its end. Then try again."
        : "Correct this, and try again.";

    private static void Write(Process git, byte[]? input)
    {
        try
        {
            using var to = git.StandardInput.BaseStream;
            if (input is not null) to.Write(input);
        }
        catch (IOException)
        {
            // git has ended without reading all of it; its exit code says whether that is an error.
        }
    }
}
