using System.Diagnostics;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>shellcheck over every shell script of infra/, and over the first-start script as a machine gets it.</summary>
public sealed class ShellCheckTests
{
    [Fact(SkipUnless = nameof(MachineShell.HasShellCheck), SkipType = typeof(MachineShell), Skip = MachineShell.NoShellCheck)]
    public void Finds_nothing_in_the_scripts_of_infra()
    {
        using var folder = new TempFolder();
        string composed = folder["user-data"];
        File.WriteAllText(composed, UserDataText());
        string root = SharedFolder.RepositoryRoot();
        string[] scripts =
        [
            .. Directory.GetFiles(Path.Combine(root, "infra"), "*", SearchOption.AllDirectories).Where(IsScript),
            .. Directory.GetFiles(Path.Combine(root, "tests", "WaterMeters.Ops.Tests", "Infrastructure", "fakes")),
            composed,
        ];
        Assert.Contains(scripts, script => Path.GetFileName(script) == "wms-keeper");
        Assert.Equal(("", 0), Check(scripts));
    }

    [Fact(SkipUnless = nameof(MachineShell.HasShellCheck), SkipType = typeof(MachineShell), Skip = MachineShell.NoShellCheck)]
    public void Finds_a_planted_fault()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["script"], "#!/bin/sh\nlocal x=$(ls)\nrm $x\n");
        Assert.NotEqual(0, Check([folder["script"]]).Code);
    }

    private static bool IsScript(string file)
    {
        using var reader = new StreamReader(file);
        return reader.ReadLine()?.StartsWith("#!/bin/sh", StringComparison.Ordinal) == true;
    }

    private static string UserDataText() => OperatingSystem.IsLinux() ? UserData.Compose("mini", "") : "#!/bin/sh\n";

    private static (string Output, int Code) Check(string[] scripts)
    {
        using var process = Process.Start(
            new ProcessStartInfo("shellcheck", ["--shell=sh", "--severity=style", .. scripts]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, process.ExitCode);
    }
}
