using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using WaterMeters.Ops.Jobs;
using WaterMeters.Ops.Machines;
using WaterMeters.Ops.Tests.Infrastructure;

namespace WaterMeters.Ops.Tests.Jobs;

/// <summary>The commands that reach the machine, run with sh and the machine's own wms-job. Only systemd and pwsh are stand-ins.</summary>
[SupportedOSPlatform("linux")]
public sealed class JobCommandsTests : IDisposable
{
    private const string Id = "ana@PC-1", Skip = MachineShell.Missing;
    private readonly TempFolder folder = new();
    private readonly TestJob job = new();
    private readonly JobCommands commands;
    private readonly List<string> errors = [];

    public JobCommandsTests()
    {
        commands = new JobCommands(job.Machine.Session, new RunIdentity(Id, "ana@PC"));
        job.Cloud.Run = Run;

        // A unit runs to its end at once; one that runs already is refused, as systemd does.
        Write("systemd-run", """
            if [ -e "$WMS_FAKE/running" ]; then echo "Unit $2 was already loaded." >&2; exit 1; fi
            while [ "${1#--}" != "$1" ]; do shift 2; done
            "$@"
            exit 0
            """);
        Write("systemctl", """
            case $1 in
                is-active) [ -e "$WMS_FAKE/running" ] ;;
                is-failed) exit 1 ;;
            esac
            """);
        Write("pwsh", """
            for word; do echo "$word"; done >> "$WMS_FAKE/words"
            echo "$HOME" > "$WMS_FAKE/home"
            echo one
            exit "$(cat "$WMS_FAKE/code")"
            """);
        Write("wms-job", File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot(), "infra", "machine", "wms-job")));
    }

    private int Starts => !File.Exists(folder["words"]) ? 0
        : File.ReadAllLines(folder["words"]).Count(word => word == "-EncodedCommand");

    public void Dispose()
    {
        job.Dispose();
        folder.Dispose();
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void A_job_that_has_ended_starts_again_and_one_that_runs_does_not()
    {
        Start(code: 1);
        Assert.Equal(1, Starts);
        Assert.Equal("state=failed exit=1\none\n", Status());

        Start(code: 0);
        Assert.Equal(2, Starts);
        Assert.Equal("state=done exit=0\none\none\n", Status());

        File.Delete(folder["var", "jobs", Id, "exit"]);
        File.WriteAllText(folder["running"], "");
        Start(code: 0);
        Assert.Equal(2, Starts);
        Assert.StartsWith("state=running", Status(), StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void The_program_gets_its_script_and_a_home_through_all_shells()
    {
        Start(code: 0);
        string[] words = File.ReadAllLines(folder["words"]);
        Assert.Equal(["-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand"], words[..^1]);
        string script = Encoding.Unicode.GetString(Convert.FromBase64String(words[^1]));
        Assert.Contains("Import-Module WaterMeters -RequiredVersion '1.2.3-o''clock'\n", script, StringComparison.Ordinal);
        Assert.Contains($"Start-WmsTraining -JobId '{Id}' -OutputPath ", script, StringComparison.Ordinal);
        Assert.Contains(" -BucketName 'wms-bucket' -Region 'eu-central-1' -EndpointUrl 'http", script, StringComparison.Ordinal);
        Assert.StartsWith("/", File.ReadAllText(folder["home"]), StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    private void Start(int code)
    {
        File.WriteAllText(folder["code"], $"{code}");
        string machine = job.Machine.Start().InstanceId;
        commands.Start(machine, 3, "1.2.3-o'clock", TestContext.Current.CancellationToken);
    }

    private string Status() => commands.Status(job.Cloud.Machine.Id, TestContext.Current.CancellationToken);

    /// <summary>Runs a script as SSM does: without a home.</summary>
    private string Run(string script)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = folder["bin"] + ":/usr/bin:/bin";
        start.Environment["WMS_FAKE"] = folder.Path;
        start.Environment["WMS_RUN"] = folder["run"];
        start.Environment["WMS_VAR"] = folder["var"];
        start.Environment["WMS_BEAT_SECONDS"] = "0.05";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) errors.Add($"{process.ExitCode} {output}{error.GetAwaiter().GetResult()}");
        return output;
    }

    private void Write(string name, string script)
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(folder["bin"]);
        File.WriteAllText(folder["bin", name], (script.StartsWith('#') ? "" : "#!/bin/sh\n") + script.ReplaceLineEndings("\n") + "\n");
        File.SetUnixFileMode(folder["bin", name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
