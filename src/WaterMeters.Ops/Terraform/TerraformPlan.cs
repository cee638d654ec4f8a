using System.Text.Json;

namespace WaterMeters.Ops.Terraform;

/// <summary>
/// Reads a plan as <c>terraform show -json</c> writes it: https://developer.hashicorp.com/terraform/internals/json-format, version 1.
/// </summary>
internal static class TerraformPlan
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["replace_because_tainted"] = "an earlier creation failed",
        ["replace_because_cannot_update"] = "it cannot be changed where it is",
        ["replace_by_request"] = "the replacement was asked for",
        ["replace_by_triggers"] = "what it depends on is replaced",
        ["delete_because_no_resource_config"] = "it is no longer in the files",
        ["delete_because_no_module"] = "its module is no longer in the files",
        ["delete_because_wrong_repetition"] = "count or for_each was added or removed",
        ["delete_because_count_index"] = "count is lower",
        ["delete_because_each_key"] = "for_each no longer has it",
        ["delete_because_no_move_target"] = "the address it should move to is not in the files",
        ["read_because_config_unknown"] = "its settings are known only after other changes",
        ["read_because_dependency_pending"] = "what it depends on changes",
        ["read_because_check_nested"] = "a check needs it",
    };

    /// <summary>Returns the changes of a plan, in its order; what stays as it is has none.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="planPath">Where it is saved.</param>
    /// <param name="pricing">Returns how its resources are priced; null: no price is known.</param>
    /// <exception cref="TerraformException"><see cref="TerraformFault.PlanUnusable"/>: it is of another format.</exception>
    public static IReadOnlyList<TerraformChange> Changes(JsonElement plan, string planPath, PlanPricing? pricing = null)
    {
        string format = plan.Text("format_version") ?? "";
        if (!format.StartsWith("1.", StringComparison.Ordinal))
        {
            throw new TerraformException(
                TerraformFault.PlanUnusable,
                planPath,
                $"'{planPath}' is a plan of format '{format}', but only 1.x is known. Install an update of this module.");
        }

        var price = pricing?.Invoke(plan);
        return
        [
            .. from change in plan.Items("resource_changes")
               let action = Action([.. change.Property("change").Items("actions").Select(name => name.GetString() ?? "")])
               where action is not null
               let type = change.Text("type") ?? ""
               select new TerraformChange
               {
                   Action = action.Value,
                   Address = change.Text("address") ?? "",
                   Type = type,
                   Reason = Reason(change),
                   MonthlyCost = action == TerraformAction.Read ? null : price?.Invoke(type, Settings(change.Property("change"))),
                   PlanPath = planPath,
               },
        ];
    }

    /// <summary>The settings of a resource after the change; before it, if it is there no longer.</summary>
    private static JsonElement Settings(JsonElement change) =>
        change.Property("after") is { ValueKind: JsonValueKind.Object } after ? after : change.Property("before");

    private static TerraformAction? Action(string[] actions) => actions switch
    {
        ["create"] => TerraformAction.Create,
        ["update"] => TerraformAction.Update,
        ["read"] => TerraformAction.Read,
        ["delete"] => TerraformAction.Destroy,
        ["forget"] => TerraformAction.Forget,
        [_, _] => TerraformAction.Replace, // delete, create or create, delete or create, forget
        _ => null,
    };

    private static string? Reason(JsonElement change)
    {
        string? code = change.Text("action_reason");
        string? reason = code is null ? null : Reasons.GetValueOrDefault(code, code.Replace('_', ' '));
        string paths = string.Join(", ", change.Property("change").Items("replace_paths").Select(PathOf).Where(path => path.Length > 0));
        if (paths.Length > 0) reason = $"{reason ?? "it is replaced"}: {paths}";
        if (change.Text("previous_address") is { } earlier) reason = $"{(reason is null ? "" : reason + "; ")}moved from {earlier}";
        return reason;
    }

    /// <summary>Returns the name of a setting: names and indices, never values.</summary>
    private static string PathOf(JsonElement path) => path.ValueKind != JsonValueKind.Array
        ? ""
        : string.Join('.', path.EnumerateArray().Select(step => step.ToString()));
}
