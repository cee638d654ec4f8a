using System.Text.Json;
using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Terraform;

/// <summary>
/// Reads what terraform writes with -json: one object a line. Lines that are something else are not shown to anyone, since a provider may
/// print what it likes.
/// </summary>
/// <param name="secrets">What no message may show.</param>
internal sealed partial class TerraformMessages(TerraformSecrets secrets)
{
    private readonly List<(string Summary, string Detail)> errors = [];

    /// <summary>Called with the address of a resource and what is done with it: "Create", "Creating".</summary>
    public Action<string, string>? Started { get; init; }

    /// <summary>Called with the address of a resource that is done.</summary>
    public Action<string>? Completed { get; init; }

    /// <summary>Called with each warning.</summary>
    public Action<string>? Warned { get; init; }

    /// <summary>Takes a line.</summary>
    public void Take(string line)
    {
        if (!line.StartsWith('{')) return;
        try
        {
            using var document = JsonDocument.Parse(line);
            Take(document.RootElement);
        }
        catch (JsonException)
        {
            // Not one of terraform's.
        }
    }

    /// <summary>Returns the error of a command that failed.</summary>
    /// <param name="command">Its name, such as plan.</param>
    /// <param name="target">The folder or the plan concerned.</param>
    /// <param name="error">What terraform wrote to its error output, for commands without -json.</param>
    public TerraformException Failure(string command, string target, string error)
    {
        foreach (var (summary, detail) in errors)
        {
            if (summary.Contains("acquiring the state lock", StringComparison.Ordinal)) return Locked(target, detail);
            if (summary.Contains("plan is stale", StringComparison.Ordinal))
            {
                return new TerraformException(
                    TerraformFault.PlanStale,
                    target,
                    $"The state was changed after the plan '{target}' was made, so it is not applied. "
                    + "Make a new plan with Invoke-WmsTerraform.");
            }

            if (summary.Contains("Unsupported Terraform Core version", StringComparison.Ordinal))
            {
                return new TerraformException(
                    TerraformFault.WrongVersion,
                    target,
                    $"The files in '{target}' need another version of terraform: {Sentence(detail)} Install that version.");
            }
        }

        string reason = errors.Count > 0 ? string.Join(' ', errors.Take(3).Select(Describe)) : Plain(error);
        if (reason.Length == 0) reason = "terraform gave no reason.";
        return new TerraformException(
            TerraformFault.Failed,
            target,
            $"'terraform {command}' failed in '{target}': {secrets.Hide(reason)} Correct this, and try again.");
    }

    private void Take(JsonElement message)
    {
        switch (message.Text("type"))
        {
            case "diagnostic":
                var diagnostic = message.Property("diagnostic");
                string summary = secrets.Hide(diagnostic.Text("summary") ?? "");
                string detail = secrets.Hide(diagnostic.Text("detail") ?? "");
                if (diagnostic.Text("severity") == "error") errors.Add((summary, detail));
                else Warned?.Invoke(Describe((summary, detail)));
                break;
            case "apply_start":
                var hook = message.Property("hook");
                Started?.Invoke(hook.Property("resource").Text("addr") ?? "", hook.Text("action") ?? "");
                break;
            case "apply_complete":
                Completed?.Invoke(message.Property("hook").Property("resource").Text("addr") ?? "");
                break;
            default:
                break;
        }
    }

    private static TerraformException Locked(string target, string detail)
    {
        string who = Field(detail, "Who") is { Length: > 0 } name ? $" by {name}" : "";
        string since = Field(detail, "Created") is { Length: > 0 } created ? $" since {created}" : "";
        string id = Field(detail, "ID") is { Length: > 0 } lockId ? $"terraform force-unlock {lockId}" : "terraform force-unlock";
        return new TerraformException(
            TerraformFault.StateLocked,
            target,
            $"The state of '{target}' is locked{who}{since}. Wait until that is done. If it has died, run '{id}' in that folder.");
    }

    private static string Field(string detail, string name) =>
        Regex.Match(detail, $@"^\s*{name}:[ \t]*(.*?)\s*$", RegexOptions.Multiline) is { Success: true } match ? match.Groups[1].Value : "";

    private static string Describe((string Summary, string Detail) error) =>
        error.Detail.Length == 0 ? Sentence(error.Summary) : $"{error.Summary.TrimEnd('.', ' ')}: {Sentence(error.Detail)}";

    /// <summary>Returns text in one line that ends with a full stop.</summary>
    private static string Sentence(string text)
    {
        string line = Space().Replace(text, " ").Trim();
        return line.Length == 0 || line.EndsWith('.') ? line : line + ".";
    }

    /// <summary>Returns what terraform wrote for people, without its frame and colours.</summary>
    private string Plain(string error)
    {
        string text = Decoration().Replace(error, "");
        int start = text.LastIndexOf("Error: ", StringComparison.Ordinal);
        return Sentence(secrets.Hide(start < 0 ? "" : text[(start + 7)..]));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\x1b\[[0-9;]*m|[╷│╵]")]
    private static partial Regex Decoration();
}
