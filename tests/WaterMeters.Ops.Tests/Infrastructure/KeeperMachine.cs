using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>
/// A machine whose keeper runs here: its files in a temporary folder, its clock and its programs as the fakes beside this file, S3 as one
/// file with conditional writes.
/// </summary>
internal sealed class KeeperMachine : IDisposable
{
    /// <summary>The boot id of the first boot.</summary>
    public const string FirstBoot = "boot-1";

    /// <summary>The true time at which the machine was started for the first time, in seconds since 1970.</summary>
    public const long Epoch = 1_764_460_000;

    /// <summary>The role with which the schedule stops the machine.</summary>
    public const string SchedulerRole = "arn:aws-cn:iam::123456789012:role/wms-scheduler";

    private static readonly string Root = SharedFolder.RepositoryRoot();
    private static readonly string[] Programs = ["awk", "cp", "mkdir", "mv", "rm", "stat", "sync", "date", "systemctl", "timeout", "aws"];

    private readonly TempFolder folder = new();
    private readonly string shell;
    private int boots;

    /// <param name="shell">The shell, as the first line of a script names it.</param>
    /// <param name="clockError">Seconds that the machine's clock is ahead of the true time.</param>
    /// <param name="hasSchedule">Whether a schedule stops the machine from outside.</param>
    public KeeperMachine(string shell = "/bin/sh", int clockError = 0, bool hasSchedule = false)
    {
        this.shell = shell;
        ClockError = clockError;
        foreach (string name in (string[])["etc/save.d", "run", "proc/sys/kernel/random", "fake/s3", "bin", "programs"])
        {
            Directory.CreateDirectory(folder[name.Split('/')]);
        }

        string fakes = Path.Combine(Root, "tests", "WaterMeters.Ops.Tests", "Infrastructure", "fakes");
        foreach (string name in Programs) File.CreateSymbolicLink(folder["bin", name], Path.Combine(fakes, "counted"));
        foreach (string file in Directory.GetFiles(fakes).Where(file => Path.GetFileName(file) != "counted"))
        {
            File.CreateSymbolicLink(folder["programs", Path.GetFileName(file)], file);
        }

        string schedule = hasSchedule ? $"WMS_SCHEDULE_GROUP=wms-group\nWMS_SCHEDULER_ROLE={SchedulerRole}\n" : "";
        File.WriteAllText(folder["etc", "machine.env"],
            "WMS_BUCKET=wms-test\nWMS_MACHINE=wms\nWMS_REGION=eu-central-1\n" + schedule);
        File.WriteAllText(folder["instance-id"], "i-0abc\n");
        Clock = Epoch + ClockError;
        Boot();
    }

    /// <summary>Seconds that the machine's clock is ahead of the true time.</summary>
    public int ClockError { get; }

    /// <summary>The machine's clock, in seconds since 1970.</summary>
    public long Clock
    {
        get => ReadNumber("fake", "clock");
        private set => File.WriteAllText(folder["fake", "clock"], $"{value}\n");
    }

    /// <summary>The true time, in seconds since 1970.</summary>
    public long Now => Clock - ClockError;

    /// <summary>Whether the machine has powered itself off.</summary>
    public bool IsOff => Systemctl.Contains("poweroff");

    /// <summary>What systemctl was asked for.</summary>
    public IReadOnlyList<string> Systemctl => Lines("systemctl");

    /// <summary>The calls of S3, with what became of each.</summary>
    public IReadOnlyList<string> Calls => Lines("calls");

    /// <summary>What ran with a limit on its time.</summary>
    public IReadOnlyList<string> Limited => Lines("timeouts");

    /// <summary>The boot id.</summary>
    public string BootId => $"boot-{boots}";

    /// <summary>The number of programs that the last pass started.</summary>
    public long Commands => ReadNumber("fake", "count");

    /// <summary>The lease object; null if there is none.</summary>
    public LeaseText? Object
    {
        get => File.Exists(folder["fake", "s3", "object"]) ? new LeaseText(File.ReadAllText(folder["fake", "s3", "object"])) : null;
        set
        {
            if (value is null) File.Delete(folder["fake", "s3", "object"]);
            else File.WriteAllText(folder["fake", "s3", "object"], value.Text);
        }
    }

    /// <summary>When the schedule stops the machine, in seconds since 1970; null: there is none.</summary>
    public long? ScheduledStop => Schedule is { } text ? long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) : null;

    /// <summary>What the schedule calls then, as JSON; null: there is none.</summary>
    public string? ScheduleTarget => Schedule?.Split(' ', 2)[1];

    /// <summary>What happens with each call of S3 after those of <see cref="Plan"/>.</summary>
    public string Always
    {
        set => File.WriteAllText(folder["fake", "always"], value + "\n");
    }

    public string this[params string[] parts] => folder[parts];

    /// <summary>What happens with the next calls of S3: see fakes/aws.</summary>
    public void Plan(params string[] calls) => File.WriteAllLines(folder["fake", "plan"], calls);

    /// <summary>Returns the path of a file with a document, which a client that reads now writes between two calls of the keeper.</summary>
    public string Prepare(LeaseText document)
    {
        string path = folder["fake", $"client-{Guid.NewGuid():N}"];
        File.WriteAllText(path, document.Text);
        File.WriteAllText(path + ".base", Object!.Text);
        return path;
    }

    /// <summary>The machine is started again: another boot id, an empty memory file system.</summary>
    public void Boot()
    {
        boots++;
        File.WriteAllText(folder["proc", "sys", "kernel", "random", "boot_id"], $"boot-{boots}\n");
        Uptime = 20;
        Directory.Delete(folder["run"], recursive: true);
        Directory.CreateDirectory(folder["run"]);
        File.Delete(folder["fake", "systemctl"]);
    }

    /// <summary>Time goes on.</summary>
    public void Advance(long seconds)
    {
        Clock += seconds;
        Uptime += seconds;
    }

    /// <summary>A job gives a sign of life now.</summary>
    public void Beat(string id)
    {
        Directory.CreateDirectory(folder["run", "jobs", id]);
        Touch("run", "jobs", id, "heartbeat");
    }

    /// <summary>Writes an empty file whose time is the machine's clock.</summary>
    public void Touch(params string[] parts)
    {
        File.WriteAllText(folder[parts], "");
        File.SetLastWriteTimeUtc(folder[parts], DateTimeOffset.FromUnixTimeSeconds(Clock).UtcDateTime);
    }

    /// <summary>Adds a program that runs before a power-off.</summary>
    [UnsupportedOSPlatform("windows")]
    public void SaveWith(string name, string script)
    {
        File.WriteAllText(folder["etc", "save.d", name], "#!/bin/sh\n" + script);
        File.SetUnixFileMode(folder["etc", "save.d", name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>A write that was under way arrives, if its condition still holds. Returns whether it does.</summary>
    public bool Arrive()
    {
        string slow = folder["fake", "s3", "slow"];
        if (!File.Exists(slow)) return false;
        bool holds = Object is not null && File.ReadAllText(slow + ".match").Trim() == Etag;
        if (holds)
        {
            File.Copy(slow, folder["fake", "s3", "object"], overwrite: true);
        }

        File.Delete(slow);
        return holds;
    }

    /// <summary>A write of the schedule that was under way arrives; it has no condition.</summary>
    public void ArriveSchedule()
    {
        string slow = folder["fake", "s3", "slow-schedule"];
        if (File.Exists(slow)) File.Move(slow, folder["fake", "schedule"], overwrite: true);
    }

    /// <summary>Runs one pass of the keeper.</summary>
    /// <param name="kill">"12-" kills it before its twelfth command, "12+" after it; empty for a pass that comes to its end.</param>
    /// <returns>What it printed, and whether it came to its end.</returns>
    public (string Output, bool Ended) Pass(string kill = "")
    {
        File.WriteAllText(folder["fake", "count"], "0\n");
        string keeper = Path.Combine(Root, "infra", "machine", "wms-keeper");
        string script = $"echo $$ > \"$WMS_FAKE/group\"; exec {shell} \"$1\"";
        var start = new ProcessStartInfo("setsid", ["--wait", "/bin/sh", "-c", script, "sh", keeper])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = folder["bin"] + ":/usr/bin:/bin";
        start.Environment["WMS_FAKE"] = folder["fake"];
        start.Environment["WMS_FAKES"] = folder["programs"];
        start.Environment["WMS_KILL"] = kill;
        start.Environment["WMS_ETC"] = folder["etc"];
        start.Environment["WMS_RUN"] = folder["run"];
        start.Environment["WMS_PROC"] = folder["proc"];
        start.Environment["WMS_RULES"] = Path.Combine(Root, "infra", "machine", "lease.awk");
        start.Environment["WMS_INSTANCE_FILE"] = folder["instance-id"];
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output + error.GetAwaiter().GetResult(), process.ExitCode == 0);
    }

    public void Dispose() => folder.Dispose();

    private string? Schedule => File.Exists(folder["fake", "schedule"]) ? File.ReadAllText(folder["fake", "schedule"]).TrimEnd() : null;

    private long Uptime
    {
        get => ReadNumber("proc", "uptime");
        set => File.WriteAllText(folder["proc", "uptime"], $"{value}.50 0.00\n");
    }

    private IReadOnlyList<string> Lines(string name) => File.Exists(folder["fake", name]) ? File.ReadAllLines(folder["fake", name]) : [];

    [SuppressMessage("Security", "CA5351", Justification = "It is what S3 does.")]
    private string Etag => $"\"{Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(folder["fake", "s3", "object"])))}\"";

    private long ReadNumber(params string[] parts) =>
        long.Parse(File.ReadAllText(folder[parts]).Split('.')[0], NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
}
