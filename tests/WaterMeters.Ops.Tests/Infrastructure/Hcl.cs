using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>
/// Parses Terraform's files with the npm package @cdktf/hcl2json in Node.js, installed once into a folder of its own: npm removes from a
/// folder what it did not install in the same call.
/// </summary>
public static class Hcl
{
    public const string Missing = "Node.js is not installed, or npm cannot install @cdktf/hcl2json here.";

    private const string Package = "@cdktf/hcl2json@0.21.0";

    private static readonly Lazy<string?> Installed = new(Install);

    /// <summary>Whether the parser is here.</summary>
    public static bool IsHere => Installed.Value is not null;

    /// <summary>Parses files.</summary>
    /// <param name="texts">Their names and texts.</param>
    /// <returns>For each name what the file says, or an object with the property <c>error</c>.</returns>
    public static IReadOnlyDictionary<string, JsonObject> Parse(IReadOnlyDictionary<string, string> texts)
    {
        string program = Path.Combine(
            SharedFolder.RepositoryRoot(), "tests", "WaterMeters.Ops.Tests", "Infrastructure", "hcl.cjs");
        using var node = Start("node", [program, Installed.Value!], redirectInput: true)!;
        var error = node.StandardError.ReadToEndAsync();
        node.StandardInput.Write(new JsonObject(texts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))).ToJsonString());
        node.StandardInput.Close();
        string output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, error.GetAwaiter().GetResult());
        return JsonNode.Parse(output)!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.AsObject());
    }

    private static string? Install()
    {
        using (var node = Start("node", ["--version"]))
        {
            if (node is null) return null;
            node.StandardOutput.ReadToEnd();
            node.WaitForExit();
        }

        string folder = Path.Combine(SharedFolder.RepositoryRoot(), "artifacts", "npm-hcl");
        if (Directory.Exists(Path.Combine(folder, "node_modules", "@cdktf", "hcl2json"))) return folder;
        Directory.CreateDirectory(folder);
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        using var install = Start(npm, ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, Package]);
        if (install is null) return null;
        var error = install.StandardError.ReadToEndAsync();
        install.StandardOutput.ReadToEnd();
        error.GetAwaiter().GetResult();
        install.WaitForExit();
        return install.ExitCode == 0 ? folder : null;
    }

    private static Process? Start(string program, IEnumerable<string> arguments, bool redirectInput = false)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = redirectInput,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
