using System.Diagnostics;
using System.Runtime.Versioning;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>infra/machine/wms-job: a job that is started once, gives signs of life, and is asked to save before it ends.</summary>
[SupportedOSPlatform("linux")]
public sealed class JobTests : IDisposable
{
    private const string Skip = MachineShell.Missing;
    private static readonly string Script = Path.Combine(SharedFolder.RepositoryRoot(), "infra", "machine", "wms-job");

    private readonly TempFolder folder = new();

    public JobTests()
    {
        // Knows the units that were started, and says so as systemd does.
        Write("systemd-run", """
            echo "$*" >> "$WMS_FAKE/units"
            if [ -e "$WMS_FAKE/$2" ]; then
                echo "Failed to start transient service unit: Unit $2 was already loaded or has a fragment file." >&2
                exit 1
            fi
            : > "$WMS_FAKE/$2"
            """);
        Write("systemctl", """
            echo "$*" >> "$WMS_FAKE/systemctl"
            case $1 in
                is-active) [ -e "$WMS_FAKE/$3" ] ;;
                is-failed) exit 1 ;;
            esac
            """);
    }

    public void Dispose() => folder.Dispose();

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Starts_a_job_once_as_a_unit_with_a_limit()
    {
        Assert.Equal(("started\n", "", 0), Run("start", "gh-1-2", "--hours", "5", "--", "pwsh", "-File", "job.ps1", "a b"));
        Assert.Equal(
            $"--unit wms-job-gh-1-2.service --property RuntimeMaxSec=18000 --property TimeoutStopSec=240 --property KillMode=mixed "
            + $"--property OOMScoreAdjust=500 {Script} run gh-1-2 -- pwsh -File job.ps1 a b",
            File.ReadAllText(folder["units"]).Trim());

        // SSM runs the same command again after an update of its agent.
        Assert.Equal(("state=running exit=-\n", "", 0), Run("start", "gh-1-2", "--", "pwsh"));
        Assert.Equal("state=running exit=-\n", Run("status", "gh-1-2").Output);
        Assert.Equal("state=unknown exit=-\n", Run("status", "gh-1-3").Output);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Runs_the_program_with_a_log_a_heartbeat_and_its_exit_code_and_never_again()
    {
        var (_, error, code) = Run("run", "job-1", "--", "/bin/sh", "-c", "echo out; echo err >&2; exit 7");
        Assert.Equal((7, ""), (code, error));
        Assert.Equal("out\nerr\n", File.ReadAllText(folder["var", "jobs", "job-1", "log"]));
        Assert.False(File.Exists(folder["run", "jobs", "job-1", "heartbeat"])); // the next job with this id has its own
        Assert.Equal("state=failed exit=7\n", Run("status", "job-1").Output);
        Assert.Equal(("state=failed exit=7\n", "", 0), Run("start", "job-1", "--", "pwsh"));
        Assert.False(File.Exists(folder["units"]));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Beats_while_the_program_lives_and_lets_it_save_when_it_is_stopped()
    {
        const string Program = "trap 'echo saved; exit 3' TERM; echo ready > \"$WMS_FAKE/ready\"; while :; do sleep 0.02; done";
        using var job = Start("run", "job-1", "--", "/bin/sh", "-c", Program);
        string heartbeat = folder["run", "jobs", "job-1", "heartbeat"];
        Assert.True(SpinWait.SpinUntil(() => File.Exists(folder["ready"]) && File.Exists(heartbeat), TimeSpan.FromMinutes(1)));
        File.SetLastWriteTimeUtc(heartbeat, DateTime.UnixEpoch);
        Assert.True(SpinWait.SpinUntil(() => File.GetLastWriteTimeUtc(heartbeat) > DateTime.UnixEpoch, TimeSpan.FromMinutes(1)));
        using (var kill = Process.Start("/bin/kill", ["-TERM", $"{job.Id}"])) kill.WaitForExit();
        Assert.True(job.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(3, job.ExitCode);
        Assert.Equal("saved\n", File.ReadAllText(folder["var", "jobs", "job-1", "log"]));
        Assert.Equal("state=failed exit=3\n", Run("status", "job-1").Output);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Stops_all_jobs_before_a_power_off()
    {
        Run("start", "job-1", "--", "pwsh");
        Run("start", "ana@PC-7", "--", "pwsh");
        File.Delete(folder["systemctl"]);
        Assert.Equal(0, Run("stop-all").Code);
        Assert.Equal(
            [
                "stop --no-block wms-job-ana\\x40PC-7.service",
                "stop --no-block wms-job-job-1.service",
                "stop wms-job-ana\\x40PC-7.service",
                "stop wms-job-job-1.service",
            ],
            File.ReadAllLines(folder["systemctl"]));
    }

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [InlineData("start", "../x", "--", "pwsh")]
    [InlineData("start", ".hidden", "--", "pwsh")]
    [InlineData("start", "", "--", "pwsh")]
    [InlineData("start", "a b", "--", "pwsh")]
    [InlineData("start", "a;b", "--", "pwsh")]
    [InlineData("start", "job-1", "pwsh")]
    [InlineData("start", "job-1", "--")]
    [InlineData("start", "job-1", "--hours", "x", "--", "pwsh")]
    [InlineData("begin")]
    public void Refuses_what_it_does_not_understand(params string[] arguments)
    {
        var (_, error, code) = Run(arguments);
        Assert.Equal(2, code);
        Assert.StartsWith("wms-job: ", error);
        Assert.False(File.Exists(folder["units"]));
    }

    private (string Output, string Error, int Code) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, error.GetAwaiter().GetResult(), process.ExitCode);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", [Script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = folder["bin"] + ":/usr/bin:/bin";
        start.Environment["WMS_FAKE"] = folder.Path;
        start.Environment["WMS_RUN"] = folder["run"];
        start.Environment["WMS_VAR"] = folder["var"];
        start.Environment["WMS_BEAT_SECONDS"] = "0.05";
        return Process.Start(start)!;
    }

    private void Write(string name, string script)
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(folder["bin"]);
        File.WriteAllText(folder["bin", name], "#!/bin/sh\n" + script.ReplaceLineEndings("\n") + "\n");
        File.SetUnixFileMode(folder["bin", name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
