using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace WaterMeters.Tests.Cloud;

/// <summary>wms-job on the machine: runs jobs with the real module, each in a process of its own, which the machine's end kills.</summary>
internal sealed partial class CloudJobs : IDisposable
{
    private readonly FakeCloud cloud;
    private readonly string modulePath, folder;
    private readonly string[] pwsh;
    private readonly Dictionary<string, (Process Process, StringBuilder Log)> jobs = [];

    /// <summary>Makes it what commands reach.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="modulePath">Folder of the module.</param>
    /// <param name="folder">Folder of the jobs' files.</param>
    /// <param name="pwsh">How PowerShell is started.</param>
    public CloudJobs(FakeCloud cloud, string modulePath, string folder, string[] pwsh)
    {
        (this.cloud, this.modulePath, this.folder, this.pwsh) = (cloud, modulePath, folder, pwsh);
        cloud.Run = Run;
        cloud.LiveJobs = () => [.. jobs.Where(job => !job.Value.Process.HasExited).Select(job => job.Key)];
        cloud.WentOff = Kill;
    }

    public void Dispose()
    {
        Kill();
        foreach (var (process, _) in jobs.Values) process.Dispose();
    }

    private string Run(string script)
    {
        if (Start().Match(script) is { Success: true } start)
        {
            string id = start.Groups[1].Value;
            if (!jobs.TryGetValue(id, out var job) || job.Process.HasExited) jobs[id] = Begin(start.Groups[2].Value);
            return "started";
        }

        string asked = Status().Match(script).Groups[1].Value;
        if (!jobs.TryGetValue(asked, out var known)) return "state=unknown exit=-";
        string state = !known.Process.HasExited ? "state=running exit=-"
            : known.Process.ExitCode == 0 ? "state=done exit=0" : $"state=failed exit={known.Process.ExitCode}";
        lock (known.Log) return $"{state}\n{known.Log}";
    }

    private (Process Process, StringBuilder Log) Begin(string encoded)
    {
        var start = new ProcessStartInfo(pwsh[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in (string[])[.. pwsh[1..], "-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["WMS_JOBS"] = folder;
        start.Environment["PSModulePath"] = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(modulePath));
        start.Environment["AWS_ACCESS_KEY_ID"] = "AKIAMACHINE";
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "MACHINE-SECRET";
        start.Environment["NO_COLOR"] = "1";
        var log = new StringBuilder();
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (process, log);

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (log) log.AppendLine(line.Data);
        }
    }

    private void Kill()
    {
        foreach (var (process, _) in jobs.Values.Where(job => !job.Process.HasExited))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    [GeneratedRegex("wms-job start (\\S+) .*-EncodedCommand (\\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex Start();

    [GeneratedRegex("wms-job status (\\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex Status();
}
