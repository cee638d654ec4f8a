using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Tests.Tracking.Artifacts;

/// <summary>
/// S3 on this machine: the npm package s3rver in Node.js, installed into <c>artifacts/npm</c> once. Tests that need it are skipped where
/// npm is missing or has no network.
/// </summary>
internal sealed partial class S3Server : IDisposable
{
    public const string Bucket = "wms-test";

    private const string Package = "s3rver@3.7.1";

    private static readonly Lock Installing = new();

    private readonly TempFolder data;
    private readonly Process node;

    public S3Server()
    {
        string program = Path.Combine(Install(), "node_modules", "s3rver", "bin", "s3rver.js");
        Start("node", "--version").Dispose();
        data = new TempFolder();
        node = Start("node", program, "--directory", data.Path, "--address", "127.0.0.1", "--port", "0", "--configure-bucket", Bucket);
        string line = node.StandardOutput.ReadLine() ?? "";
        while (!Listening().IsMatch(line) && !node.HasExited) line = node.StandardOutput.ReadLine() ?? "";
        Assert.Matches(Listening(), line);
        Endpoint = new Uri($"http://127.0.0.1:{Listening().Match(line).Groups["port"].Value}");

        // The only credentials that s3rver knows.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "S3RVER");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "S3RVER");
    }

    public Uri Endpoint { get; }

    public void Dispose()
    {
        node.Kill(entireProcessTree: true);
        node.WaitForExit();
        node.Dispose();
        data.Dispose();
    }

    private static string Install()
    {
        // Tests run side by side: another one must not find half of the package.
        using var alone = Installing.EnterScope();
        string folder = Path.Combine(SharedFolder.RepositoryRoot(), "artifacts", "npm");
        if (Directory.Exists(Path.Combine(folder, "node_modules", "s3rver"))) return folder;
        Directory.CreateDirectory(folder);
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        using var install = Start(npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, Package);
        install.StandardOutput.ReadToEnd();
        install.WaitForExit();
        Assert.SkipUnless(install.ExitCode == 0, $"npm cannot install {Package}");
        return folder;
    }

    private static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"There is no {program} on this machine, which {Package} needs");
            throw;
        }
    }

    [GeneratedRegex(@"listening on .*:(?<port>\d+)")]
    private static partial Regex Listening();
}
