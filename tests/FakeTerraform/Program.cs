using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

// Answers as terraform 1.11 did in recordings, for tests of what calls it. Files in the folder of -chdir say what happens:
//   plan.json    what `show -json` prints; the state changes with each apply
//   output.json  what `output -json` prints
//   fault        locked, stale, version, failed, unreadable, wait: what goes wrong with plan and apply
//   version      its version; 1.11.4 if there is none
// It notes its arguments in the file `calls`, and prints the text of the file `secret` wherever a careless provider may print it.
string folder = args[0]["-chdir=".Length..];
string[] rest = args[1..];
string? secret = Read("secret"), fault = Read("fault");
File.AppendAllText(Path.Combine(folder, "calls"), string.Join(' ', rest) + "\n");
if (secret is not null)
{
    if (rest[0] is "plan" or "apply" or "init") Console.WriteLine($"provider debug: {secret}");
    Console.Error.WriteLine($"provider trace: {secret}");
}

switch (rest[0])
{
    case "version":
        Console.WriteLine(new JsonObject { ["terraform_version"] = Read("version") ?? "1.11.4", ["platform"] = "linux_amd64" });
        return 0;
    case "init":
        Directory.CreateDirectory(Path.Combine(folder, ".terraform"));
        return fault == "version" ? Fail("Unsupported Terraform Core version", "This configuration does not support version 1.11.4.") : 0;
    case "plan":
        if (fault is "locked") return Locked();
        if (fault is "failed") return Fail("Reference to undeclared input variable", $"A variable \"nope\" ({secret}).");
        if (fault is "wait") return Wait();
        var plan = JsonNode.Parse(Read("plan.json")!)!;
        string path = rest.Single(argument => argument.StartsWith("-out=", StringComparison.Ordinal))["-out=".Length..];
        File.WriteAllText(path, plan.ToJsonString());
        Say("warning", "Deprecated argument", $"Use another one instead of {secret}.");
        bool hasChanges = plan["resource_changes"]!.AsArray().Any(change => change!["change"]!["actions"]![0]!.ToString() != "no-op");
        return hasChanges ? 2 : 0;
    case "show":
        string shown = rest[^1];
        if (!File.Exists(shown) || fault == "unreadable")
        {
            Console.Error.WriteLine($"\x1b[31m╷\n│ Error: Failed to read the given file as a plan file\n│ {secret}\n╵\x1b[0m");
            return 1;
        }

        Console.WriteLine(File.ReadAllText(shown));
        return 0;
    case "apply":
        if (fault is "locked") return Locked();
        if (fault is "stale") return Fail("Saved plan is stale", "The given plan file can no longer be applied.");
        foreach (var change in JsonNode.Parse(File.ReadAllText(rest[^1]))!["resource_changes"]!.AsArray())
        {
            foreach (var action in change!["change"]!["actions"]!.AsArray())
            {
                Hook("apply_start", change["address"]!.ToString(), action!.ToString());
                if (fault is "wait") return Wait();
                if (fault is "failed") return Fail("creating EC2 Instance", $"operation error: RunInstances, password {secret}, denied");
                Hook("apply_complete", change["address"]!.ToString(), action.ToString());
            }
        }

        return 0;
    case "output":
        Console.WriteLine(Read("output.json") ?? "{}");
        return 0;
    default:
        return 1;
}

string? Read(string name) => File.Exists(Path.Combine(folder, name)) ? File.ReadAllText(Path.Combine(folder, name)).Trim() : null;

// As terraform does: the first signal ends it in order, also where a shell started it in the background, with the signal ignored.
int Wait()
{
    using var ended = new ManualResetEventSlim();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
    {
        context.Cancel = true;
        ended.Set();
    });
    File.WriteAllText(Path.Combine(folder, "waiting"), "");
    ended.Wait();
    File.WriteAllText(Path.Combine(folder, "interrupted"), "");
    return Fail("execution halted", "");
}

int Locked() => Fail(
    "Error acquiring the state lock",
    "Error message: resource temporarily unavailable\nLock Info:\n  ID:        5bd2e5e1-1111-2222-3333-444455556666\n"
    + "  Path:      wms/terraform.tfstate\n  Operation: OperationTypeApply\n  Who:       ana@PC-7\n  Version:   1.11.4\n"
    + "  Created:   2026-11-29 20:15:00 +0000 UTC\n  Info:      \n\n\nTerraform acquires a state lock to protect the state.");

int Fail(string summary, string detail)
{
    Say("error", summary, detail);
    return 1;
}

void Say(string severity, string summary, string detail) => Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
{
    ["@level"] = severity,
    ["@message"] = $"Error: {summary}",
    ["type"] = "diagnostic",
    ["diagnostic"] = new { severity, summary, detail },
}));

void Hook(string type, string address, string action) => Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
{
    ["@level"] = "info",
    ["@message"] = $"{address}: {action}",
    ["type"] = type,
    ["hook"] = new { resource = new { addr = address }, action },
}));
