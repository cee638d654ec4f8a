using System.Runtime.Versioning;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>The first start of a machine: what is armed first, and that nothing after it disarms it.</summary>
[SupportedOSPlatform("linux")]
public sealed class UserDataTests
{
    private const string Skip = MachineShell.Missing;
    private static readonly string[] Downloads = ["dnf ", "curl "];

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Arms_the_power_off_before_anything_is_downloaded_and_takes_the_limit_back_only_for_a_keeper_that_works()
    {
        using var machine = new UserData();
        machine.Run();
        string[] calls = [.. machine.Calls];
        Assert.StartsWith("shutdown -P +60", calls[0]);
        Assert.Equal(
            [
                "systemctl daemon-reload",
                "systemctl enable --now wms-keeper.timer wms-limit.timer",
                "systemctl start wms-keeper.service",
                "systemctl is-active --quiet wms-keeper.timer",
                "shutdown -c",
            ],
            calls[1..6]);
        Assert.True(Array.FindIndex(calls, call => Downloads.Any(name => call.StartsWith(name, StringComparison.Ordinal))) > 5);
        string settings = File.ReadAllText(machine["etc", "wms", "machine.env"]);
        Assert.Equal("WMS_BUCKET=wms-data\nWMS_MACHINE=wms\nWMS_REGION=eu-central-1\nWMS_SCHEDULE_GROUP=wms-group\n"
            + $"WMS_SCHEDULER_ROLE={KeeperMachine.SchedulerRole}\n", settings);
        foreach (string program in (string[])["wms-keeper", "wms-job"])
        {
            Assert.Equal(
                File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot(), "infra", "machine", program)),
                File.ReadAllText(machine["usr", "local", "bin", program]));
            Assert.True(File.GetUnixFileMode(machine["usr", "local", "bin", program]).HasFlag(UnixFileMode.UserExecute));
        }

        Assert.True(File.Exists(machine["run", "wms", "setup-done"]));
        Assert.False(File.Exists(machine["run", "wms", "setup"]));
    }

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [InlineData("systemctl")]
    public void Is_off_in_an_hour_when_the_keeper_cannot_be_installed(string program)
    {
        using var machine = new UserData();
        machine.Answer(program, 1);
        Assert.Contains("cannot be installed", machine.Run());
        Assert.StartsWith("shutdown -P +60", machine.Calls[0]);
        Assert.DoesNotContain("shutdown -c", machine.Calls);
        Assert.Contains("shutdown -P +60", File.ReadAllText(machine["var", "lib", "cloud", "scripts", "per-boot", "wms-limit"]));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Ends_the_setup_and_disarms_nothing_when_every_step_of_it_fails()
    {
        using var machine = new UserData();
        string[] programs = ["dnf", "curl", "mount", "mkfs.xfs", "mountpoint", "tar", "python3.11"];
        foreach (string program in programs) machine.Answer(program, 1);
        machine.Run("full", "powershell=7.6.0,00 k3s=v1.35.0+k3s1,00 mlflow=3.9.0 monitoring=80.0.0");
        Assert.Single(machine.Calls, call => call.StartsWith("shutdown -P", StringComparison.Ordinal));
        Assert.DoesNotContain(machine.Calls, call => call.Contains("disable", StringComparison.Ordinal));
        Assert.DoesNotContain(machine.Calls, call => call.Contains("stop", StringComparison.Ordinal));
        Assert.Equal(
            ["volume exit=1", "packages exit=1", "powershell exit=1", "mlflow exit=1", "k3s exit=1", "monitoring exit=1"],
            File.ReadAllLines(machine["var", "lib", "wms", "setup"]));
        Assert.False(File.Exists(machine["run", "wms", "setup"]));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Formats_a_data_volume_that_is_empty_once()
    {
        using var machine = new UserData();
        machine.Run();
        Assert.Single(machine.Calls, call => call == $"mkfs.xfs -q {machine.Device}");
        string line = Assert.Single(File.ReadAllLines(machine["etc", "fstab"]));
        Assert.Equal($"{machine.Device} /data auto defaults,nofail,x-systemd.device-timeout=60 0 2", line);
    }

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [InlineData(0, "xfs", false, true)] // a file system: mounted
    [InlineData(2, "", true, false)] // data that blkid does not know
    [InlineData(4, "", false, false)] // blkid failed
    [InlineData(8, "", false, false)] // two file systems: ambivalent
    public void Never_formats_a_data_volume_that_holds_anything(int code, string type, bool hasData, bool isMounted)
    {
        using var machine = new UserData();
        machine.Answer("blkid", code, type);
        if (hasData)
        {
            byte[] bytes = new byte[1 << 20];
            bytes[700_000] = 1;
            File.WriteAllBytes(machine.Device, bytes);
        }

        machine.Run();
        Assert.DoesNotContain(machine.Calls, call => call.StartsWith("mkfs", StringComparison.Ordinal));
        Assert.Equal(isMounted, machine.Calls.Any(call => call.StartsWith("mount ", StringComparison.Ordinal)));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Waits_for_a_data_volume_that_is_attached_late_and_goes_on_without_it()
    {
        using var machine = new UserData();
        File.Delete(machine.Device);
        machine.Run();
        Assert.Equal(2, machine.Calls.Count(call => call == "sleep 5"));
        Assert.Contains("volume exit=1", File.ReadAllLines(machine["var", "lib", "wms", "setup"]));
        Assert.Contains("packages exit=0", File.ReadAllLines(machine["var", "lib", "wms", "setup"]));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Keeps_MLflow_to_the_machine_itself_and_the_password_of_Grafana_in_one_file()
    {
        using var machine = new UserData();
        string output = machine.Run("full", "mlflow=3.9.0 monitoring=80.0.0");
        Assert.Contains("--host 127.0.0.1 --port 5000", File.ReadAllText(machine["etc", "systemd", "system", "mlflow.service"]));
        string manifest = machine["data", "k3s", "server", "manifests", "wms-monitoring.yaml"];
        string line = File.ReadAllLines(manifest).Single(line => line.Contains("admin-password:", StringComparison.Ordinal));
        string password = line.Split(": ")[1];
        Assert.True(password.Length >= 24);
        Assert.DoesNotContain(password, output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(manifest));
    }

    [Fact]
    public void Fits_into_what_AWS_takes()
    {
        string script = UserData.Compose("full", "powershell=7.6.0," + new string('a', 64));
        Assert.InRange(UserData.CompressedLength(script), 1, 16 * 1024);
        Assert.DoesNotContain('\r', script);
    }

    [Fact]
    public void Is_composed_of_the_files_that_Terraform_names()
    {
        string module = File.ReadAllText(
            Path.Combine(SharedFolder.RepositoryRoot(), "infra", "terraform", "modules", "user-data", "main.tf"));
        foreach (var (name, file) in UserData.Files) Assert.Matches($"""\b{name} += "{file}"\n""", module.ReplaceLineEndings("\n"));
        Assert.Equal(UserData.Files.Count, System.Text.RegularExpressions.Regex.Count(module.Split("files = {")[1].Split('}')[0], " = "));
    }
}
