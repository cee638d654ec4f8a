using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>The first start of a machine, composed as Terraform's module user-data composes it, and run here with fake programs.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UserData : IDisposable
{
    private const string Volume = "dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc";

    // What the scripts start that would change this machine. Each notes its call; a line "NAME exit N" in `answers` gives its exit code.
    private static readonly string[] Faked =
    [
        "shutdown", "systemctl", "dnf", "curl", "mount", "mountpoint", "blkid", "mkfs.xfs", "python3.11", "useradd", "getent", "chown",
        "tar", "sleep", "timeout", "sha256sum", "ln",
    ];

    private readonly TempFolder folder = new();

    public UserData()
    {
        foreach (string name in (string[])["bin", "root/etc", "root/opt", "root/usr/local/bin", "root/dev/disk/by-id"])
        {
            Directory.CreateDirectory(folder[name.Split('/')]);
        }

        File.WriteAllText(folder["root", "etc", "fstab"], "");
        File.WriteAllText(folder["answers"], "");
        File.WriteAllText(folder["calls"], "");
        File.WriteAllBytes(Device, new byte[1 << 20]);
        foreach (string name in Faked) WriteProgram(name);
        Answer("blkid", 2);
    }

    /// <summary>The data volume: empty, unless a test writes to it.</summary>
    public string Device => folder[["root", .. Volume.Split('/')]];

    /// <summary>The calls of the faked programs, in order.</summary>
    public IReadOnlyList<string> Calls => File.ReadAllLines(folder["calls"]);

    public string this[params string[] parts] => folder[["root", .. parts]];

    /// <summary>Sets the exit code of a program.</summary>
    public void Answer(string program, int code, string output = "") =>
        File.WriteAllText(folder["answers"], $"{program} {code} {output}\n" + File.ReadAllText(folder["answers"]));

    /// <summary>The program is not on the machine.</summary>
    public void Remove(string program) => File.Delete(folder["bin", program]);

    /// <summary>Runs the script.</summary>
    public string Run(string size = "mini", string versions = "")
    {
        string script = folder["user-data"];
        File.WriteAllText(script, Compose(size, versions));
        var start = new ProcessStartInfo("/bin/sh", [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = folder["bin"] + ":/usr/bin:/bin";
        start.Environment["WMS_ROOT"] = folder["root"];
        start.Environment["WMS_FAKE"] = folder.Path;
        start.Environment["WMS_DEVICE_WAIT"] = "10";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + error.GetAwaiter().GetResult();
    }

    /// <summary>Returns the script as Terraform's module writes it.</summary>
    public static string Compose(string size, string versions)
    {
        string machine = Path.Combine(SharedFolder.RepositoryRoot(), "infra", "machine");
        var script = new StringBuilder("#!/bin/sh\n");
        foreach (var (name, value) in new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["WMS_SIZE"] = size,
            ["WMS_MACHINE"] = "wms",
            ["WMS_REGION"] = "eu-central-1",
            ["WMS_BUCKET"] = "wms-data",
            ["WMS_MLFLOW_BUCKET"] = "wms-mlflow",
            ["WMS_DATA_VOLUME"] = "vol-0abc",
            ["WMS_SCHEDULE_GROUP"] = "wms-group",
            ["WMS_SCHEDULER_ROLE"] = KeeperMachine.SchedulerRole,
            ["WMS_VERSIONS"] = versions,
        })
        {
            script.Append(null, $"{name}='{value}'\n");
        }

        foreach (var (name, file) in Files)
        {
            string text = File.ReadAllText(Path.Combine(machine, file));
            script.Append(null, $"wms_file_{name}() {{\ncat << 'WMS_END_OF_FILE'\n{text}WMS_END_OF_FILE\n}}\n");
        }

        return script.Append(File.ReadAllText(Path.Combine(machine, "user-data.sh"))).ToString();
    }

    /// <summary>The files that the script carries, by the names of their functions, in Terraform's order.</summary>
    public static SortedDictionary<string, string> Files { get; } = new(StringComparer.Ordinal)
    {
        ["keeper"] = "wms-keeper",
        ["rules"] = "lease.awk",
        ["job"] = "wms-job",
        ["keeper_service"] = "wms-keeper.service",
        ["keeper_timer"] = "wms-keeper.timer",
        ["limit_service"] = "wms-limit.service",
        ["limit_timer"] = "wms-limit.timer",
        ["setup"] = "setup.sh",
    };

    /// <summary>Returns how many bytes the machine receives.</summary>
    public static long CompressedLength(string script)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(script));
        return bytes.Length;
    }

    public void Dispose() => folder.Dispose();

    private void WriteProgram(string name)
    {
        string run = name switch
        {
            // They are only in front of other programs.
            "timeout" => "shift\nexec \"$@\"\n",
            // Makes the environment that it is asked for, with a pip that does nothing.
            "python3.11" => "mkdir -p \"$3/bin\" && printf '#!/bin/sh\\n' > \"$3/bin/pip\" && chmod 755 \"$3/bin/pip\"\n",
            // A keeper that starts makes a pass.
            "systemctl" => "case \"$*\" in 'start wms-keeper.service') mkdir -p \"$WMS_ROOT/run/wms/keeper\" "
                + "&& : > \"$WMS_ROOT/run/wms/keeper/pass\" ;; esac\n",
            _ => "",
        };
        string note = name == "timeout" ? "" : $"echo \"{name} $*\" >> \"$WMS_FAKE/calls\"\n";
        const string Answer = "while read -r program code output; do\n  if [ \"$program\" = NAME ]; then\n    echo \"$output\"\n"
            + "    exit \"$code\"\n  fi\ndone < \"$WMS_FAKE/answers\"\n";
        File.WriteAllText(folder["bin", name], "#!/bin/sh\n" + note + Answer.Replace("NAME", name, StringComparison.Ordinal) + run);
        File.SetUnixFileMode(folder["bin", name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
