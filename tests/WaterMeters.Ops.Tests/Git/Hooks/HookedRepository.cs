using System.Diagnostics;
using System.Text;

namespace WaterMeters.Ops.Tests.Git.Hooks;

/// <summary>
/// A repository with the hook of this project, a bare remote beside it, and a program in the place of PowerShell that writes down what it
/// was given. Settings of the user and the system have no effect.
/// </summary>
internal sealed class HookedRepository : IDisposable
{
    /// <summary>Names as users have them: with spaces, an apostrophe and letters of several scripts.</summary>
    private const string Odd = "água d'hoje 水表";

    private readonly TempFolder temp = new();

    public HookedRepository(string shell = "/bin/sh", string format = "sha1")
    {
        Shell = shell;
        Directory.CreateDirectory(temp[Odd]);
        GitIn(temp.Path, "init", "--quiet", "--bare", "--initial-branch=main", $"--object-format={format}", Remote);
        GitIn(temp.Path, "init", "--quiet", "--initial-branch=main", $"--object-format={format}", Root);
        Git("config", "user.name", "A user");
        Git("config", "user.email", "user@example.com");
        Git("remote", "add", "origin", Remote);
        WriteScript(Pwsh, $"while IFS= read -r line; do printf '%s\\n' \"$line\"; done >>'{Quoted(temp["asked"])}'\n" +
            $"read -r code <'{Quoted(temp["answer"])}'\nexit \"$code\"\n");
        Answer(1);
        Git("config", "watermeters.pwsh", Pwsh);
        Git("config", "watermeters.module", "/modules/Water Meters");
        Git("config", "watermeters.dataPrefix", "dados/treino novo");
        InstallScript(System.IO.Path.Combine(Root, ".git", "hooks", "pre-push"));
    }

    public static string Source { get; } = Find();

    public string Shell { get; }

    public string Root => temp[Odd, "repo"];

    public string Remote => temp[Odd, "remote.git"];

    public string Pwsh => temp[Odd, "pwsh"];

    /// <summary>Variables of the environment of git; null removes one.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public string Hook => System.IO.Path.Combine(Root, ".git", "hooks", "pre-push");

    public string Earlier => Hook + ".before-wms";

    public string this[params string[] parts] => temp[parts];

    /// <summary>What PowerShell was given, all calls together; null if it was not started.</summary>
    public string? Asked => System.IO.File.Exists(temp["asked"]) ? System.IO.File.ReadAllText(temp["asked"]) : null;

    /// <summary>Sets the exit code of the program in the place of PowerShell.</summary>
    public void Answer(int code) => System.IO.File.WriteAllText(temp["answer"], $"{code}\n");

    public void Forget() => System.IO.File.Delete(temp["asked"]);

    /// <summary>Copies the hook to a file. Another shell than sh is named in its first line.</summary>
    public void InstallScript(string file)
    {
        string text = System.IO.File.ReadAllText(Source);
        Write(file, "#!" + Shell + text[text.IndexOf('\n', StringComparison.Ordinal)..]);
        MakeExecutable(file);
    }

    public static void WriteScript(string file, string body)
    {
        Write(file, "#!/bin/sh\n" + body);
        MakeExecutable(file);
    }

    public static void MakeExecutable(string file) => SetMode(file, (UnixFileMode)0b111_101_101);

    public static void SetMode(string file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(file, mode);
    }

    /// <summary>Writes a file of the repository and commits everything. Returns the commit.</summary>
    public string Commit(string name, string? content = null)
    {
        Write(System.IO.Path.Combine(Root, name), content ?? Guid.NewGuid().ToString());
        return CommitAll(name);
    }

    public string CommitAll(string message)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "-m", message);
        return Git("rev-parse", "HEAD").Trim();
    }

    /// <summary>Pushes. Returns whether git did, and what it wrote.</summary>
    public (bool Passed, string Output, string Error) Push(params string[] arguments) => Run(Root, ["push", .. arguments]);

    /// <summary>Runs the hook itself, as git does. Returns its messages.</summary>
    public string CallHook(string remote, string url, string lines)
    {
        var start = new ProcessStartInfo("/bin/sh", [Hook, remote, url])
        {
            WorkingDirectory = Root, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment["HOME"] = temp.Path;
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(lines);
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return error.GetAwaiter().GetResult();
    }

    /// <summary>Pushes without the hook.</summary>
    public void PushUnchecked(params string[] arguments) => Git(["push", "--quiet", "--no-verify", .. arguments]);

    /// <summary>The commit of a branch on the remote; null if there is none.</summary>
    public string? OnRemote(string name)
    {
        var (passed, output, _) = Run(Remote, ["rev-parse", "--verify", "--quiet", name]);
        return passed ? output.Trim() : null;
    }

    public string Git(params string[] arguments) => GitIn(Root, arguments);

    public string GitIn(string folder, params string[] arguments)
    {
        var (passed, output, error) = Run(folder, arguments);
        Assert.True(passed, $"git {string.Join(' ', arguments)}: {error}");
        return output;
    }

    public (bool Passed, string Output, string Error) Run(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = temp.Path;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = temp["user-config"];
        start.Environment["GIT_ALLOW_PROTOCOL"] = "file";
        foreach (var (name, value) in Environment)
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode == 0, output, error.GetAwaiter().GetResult());
    }

    public static void Write(string file, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, content);
    }

    public void Dispose() => temp.Dispose();

    private static string Quoted(string path) => path.Replace("'", "'\\''", StringComparison.Ordinal);

    private static string Find()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !System.IO.File.Exists(System.IO.Path.Combine(at, "WaterMeters.slnx")))
        {
            at = System.IO.Path.GetDirectoryName(at);
        }

        Assert.NotNull(at);
        return System.IO.Path.Combine(at, "hooks", "pre-push");
    }
}
