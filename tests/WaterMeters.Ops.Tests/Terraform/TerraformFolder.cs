namespace WaterMeters.Ops.Tests.Terraform;

/// <summary>A folder that the fake terraform of tests/FakeTerraform works in.</summary>
internal sealed class TerraformFolder : IDisposable
{
    /// <summary>A value that no output, error or log may show.</summary>
    public const string Secret = "hunter22-planted";

    /// <summary>A plan of format 1.2, shortened from one that terraform 1.11.4 wrote.</summary>
    private const string Plan = $$"""
        {
          "format_version": "1.2", "terraform_version": "1.11.4",
          "variables": { "password": { "value": "{{Secret}}" } },
          "planned_values": { "outputs": { "password": { "sensitive": true, "value": "{{Secret}}" } } },
          "resource_changes": [
            { "address": "aws_s3_bucket.data", "type": "aws_s3_bucket", "change": { "actions": ["no-op"] } },
            { "address": "aws_vpc.this", "type": "aws_vpc", "change": { "actions": ["create"], "after": {} } },
            { "address": "aws_security_group.machine", "type": "aws_security_group", "change": { "actions": ["update"] } },
            { "address": "aws_instance.machine", "type": "aws_instance", "action_reason": "replace_because_cannot_update",
              "change": { "actions": ["delete", "create"], "after": { "user_data": "{{Secret}}" }, "after_sensitive": { "user_data": true },
                          "replace_paths": [["root_block_device", 0, "encrypted"]] } },
            { "address": "aws_eip.machine[0]", "type": "aws_eip", "action_reason": "delete_because_count_index",
              "change": { "actions": ["delete"] } },
            { "address": "data.aws_ami.image", "type": "aws_ami", "action_reason": "read_because_dependency_pending",
              "change": { "actions": ["read"] } },
            { "address": "aws_iam_role.old", "type": "aws_iam_role", "previous_address": "aws_iam_role.older",
              "change": { "actions": ["forget"] } }
          ],
          "configuration": { "root_module": { "variables": { "password": { "sensitive": true } } } }
        }
        """;

    private readonly TempFolder folder = new();

    public TerraformFolder()
    {
        this["plan.json"] = Plan;
        this["output.json"] = $$"""
            {
              "instance_id": { "sensitive": false, "type": "string", "value": "i-0abc" },
              "bucket_name": { "sensitive": false, "type": "string", "value": "wms-data" },
              "address": { "sensitive": false, "type": "dynamic", "value": null },
              "ports": { "sensitive": false, "type": ["list", "number"], "value": [1, 2] },
              "password": { "sensitive": true, "type": "string", "value": "{{Secret}}" }
            }
            """;
        this["secret"] = Secret;
    }

    /// <summary>The fake program, as it was built beside this one.</summary>
    public static string Program { get; } = FindProgram();

    /// <summary>The absolute path of the folder.</summary>
    public string Root => folder.Path;

    /// <summary>The path where plans are saved.</summary>
    public string PlanPath => folder["plans", "wms.tfplan"];

    /// <summary>The calls of the program.</summary>
    public IReadOnlyList<string> Calls => File.Exists(folder["calls"]) ? File.ReadAllLines(folder["calls"]) : [];

    /// <summary>A file of the folder, which says what the program does.</summary>
    public string this[string name]
    {
        get => File.ReadAllText(folder[name]);
        set => File.WriteAllText(folder[name], value);
    }

    public bool Has(string name) => File.Exists(folder[name]);

    public void Dispose() => folder.Dispose();

    private static string FindProgram()
    {
        string artifacts = Path.Combine(SharedFolder.RepositoryRoot(), "artifacts");
        string name = OperatingSystem.IsWindows() ? "terraform.exe" : "terraform";
        string built = Path.Combine(artifacts, "bin", "WaterMeters.FakeTerraform", "release", name);

        // Built on Linux, the program for Windows is in another folder.
        return File.Exists(built) ? built : Path.Combine(artifacts, "windows", "bin", name);
    }
}
