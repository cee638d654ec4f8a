using WaterMeters.Ops.Terraform;

namespace WaterMeters.Ops.Tests.Terraform;

/// <summary>Plans, saved plans and outputs, with a program that answers as terraform does.</summary>
public sealed class TerraformWorkspaceTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public void Makes_a_plan_and_returns_what_it_changes()
    {
        using var folder = new TerraformFolder();
        var warnings = new List<string>();
        var workspace = new TerraformWorkspace(folder.Root, TerraformFolder.Program) { Warn = warnings.Add };
        workspace.Prepare(["bucket=my-state", "region=eu-central-1"], Never);
        string variables = Path.Combine(folder.Root, "a.tfvars");
        var changes = workspace.Plan(folder.PlanPath, [variables], Never);
        Assert.Equal(
            [
                (TerraformAction.Create, "aws_vpc.this", null),
                (TerraformAction.Update, "aws_security_group.machine", null),
                (TerraformAction.Replace, "aws_instance.machine", "it cannot be changed where it is: root_block_device.0.encrypted"),
                (TerraformAction.Destroy, "aws_eip.machine[0]", "count is lower"),
                (TerraformAction.Read, "data.aws_ami.image", "what it depends on changes"),
                (TerraformAction.Forget, "aws_iam_role.old", "moved from aws_iam_role.older"),
            ],
            changes.Select(change => (change.Action, change.Address, change.Reason)));
        Assert.All(changes, change => Assert.Equal(folder.PlanPath, change.PlanPath));
        Assert.Equal("aws_vpc", changes[0].Type);
        Assert.Equal(
            [
                "version -json",
                "init -json -input=false -reconfigure -backend-config=bucket=my-state -backend-config=region=eu-central-1",
                $"plan -json -input=false -lock-timeout=30s -detailed-exitcode -out={folder.PlanPath} -var-file={variables}",
                $"show -json {folder.PlanPath}",
            ],
            folder.Calls);
        Assert.StartsWith("Deprecated argument: ", Assert.Single(warnings));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.PlanPath));
        }
    }

    [Fact]
    public void Returns_nothing_for_a_plan_without_changes_and_prepares_a_folder_once()
    {
        using var folder = new TerraformFolder();
        folder["plan.json"] = """{ "format_version": "1.2", "resource_changes": [] }""";
        var workspace = new TerraformWorkspace(folder.Root, TerraformFolder.Program);
        workspace.Prepare([], Never);
        workspace.Prepare([], Never);
        Assert.Empty(workspace.Plan(folder.PlanPath, [], Never));
        Assert.Single(folder.Calls, "init -json -input=false");
    }

    [Fact]
    public void Applies_a_saved_plan_only()
    {
        using var folder = new TerraformFolder();
        var started = new List<string>();
        var workspace = new TerraformWorkspace(folder.Root, TerraformFolder.Program)
        {
            Progress = (address, action) => started.Add($"{address} {action}"),
        };
        workspace.Plan(folder.PlanPath, [], Never);
        var done = new List<string>();
        workspace.Apply(folder.PlanPath, done.Add, Never);
        Assert.Equal($"apply -json -input=false -lock-timeout=30s {folder.PlanPath}", folder.Calls[^1]);
        Assert.Contains("aws_instance.machine delete", started);
        Assert.Contains("aws_vpc.this", done);
    }

    [Fact]
    public void Returns_outputs_and_which_of_them_are_sensitive()
    {
        using var folder = new TerraformFolder();
        var outputs = new TerraformWorkspace(folder.Root, TerraformFolder.Program).Outputs(Never);
        Assert.Equal(
            [
                ("InstanceId", "i-0abc", false), ("BucketName", "wms-data", false), ("Address", null, false), ("Ports", "[1, 2]", false),
                ("Password", TerraformFolder.Secret, true),
            ],
            outputs.Select(output => (output.PropertyName, output.Value, output.IsSensitive)));
    }

    [Theory]
    [InlineData("locked", "plan", TerraformFault.StateLocked, "locked by ana@PC-7 since 2026-11-29 20:15:00 +0000 UTC. Wait until")]
    [InlineData("locked", "apply", TerraformFault.StateLocked, "run 'terraform force-unlock 5bd2e5e1-1111-2222-3333-444455556666'")]
    [InlineData("stale", "apply", TerraformFault.PlanStale, "Make a new plan")]
    [InlineData("failed", "plan", TerraformFault.Failed, "'terraform plan' failed in")]
    [InlineData("failed", "apply", TerraformFault.Failed, "EC2 Instance: operation error: RunInstances, password ***, ")]
    [InlineData("version", "init", TerraformFault.WrongVersion, "need another version of terraform")]
    [InlineData("unreadable", "show", TerraformFault.PlanUnusable, "is not a plan of these files, or it is damaged")]
    public void Fails_with_one_error_that_names_the_reason(string fault, string command, TerraformFault expected, string part)
    {
        using var folder = new TerraformFolder();
        var workspace = new TerraformWorkspace(folder.Root, TerraformFolder.Program);
        if (command is "apply") workspace.Plan(folder.PlanPath, [], Never);
        folder["fault"] = fault;
        var error = Assert.Throws<TerraformException>(() =>
        {
            switch (command)
            {
                case "init":
                    workspace.Prepare([], Never);
                    break;
                case "apply":
                    workspace.Show(folder.PlanPath, Never);
                    workspace.Apply(folder.PlanPath, _ => { }, Never);
                    break;
                default:
                    workspace.Plan(folder.PlanPath, [], Never);
                    break;
            }
        });
        Assert.Equal(expected, error.Fault);
        Assert.Contains(part, error.Message);
        if (command is "apply" or "show") Assert.DoesNotContain(TerraformFolder.Secret, error.ToString());
    }

    [Theory]
    [InlineData("1.9.8", TerraformFault.WrongVersion, "is version 1.9.8, but the files need 1.10 or later and below 2.0")]
    [InlineData("2.0.0-beta1", TerraformFault.WrongVersion, "is version 2.0.0-beta1")]
    [InlineData("banana", TerraformFault.NotInstalled, "does not answer as terraform does")]
    public void Refuses_another_version(string version, TerraformFault fault, string part)
    {
        using var folder = new TerraformFolder();
        folder["version"] = version;
        var workspace = new TerraformWorkspace(folder.Root, TerraformFolder.Program);
        var error = Assert.Throws<TerraformException>(() => workspace.Prepare([], Never));
        Assert.Equal(fault, error.Fault);
        Assert.Contains(part, error.Message);
    }

    [Fact]
    public void Names_a_program_that_does_not_start()
    {
        using var folder = new TerraformFolder();
        folder["not-a-program"] = "text";
        var workspace = new TerraformWorkspace(folder.Root, Path.Combine(folder.Root, "not-a-program"));
        Assert.Equal(TerraformFault.NotInstalled, Assert.Throws<TerraformException>(() => workspace.Prepare([], Never)).Fault);
    }

    [Theory]
    [InlineData("""{ "format_version": "2.0" }""")]
    [InlineData("""{}""")]
    [InlineData("""no JSON""")]
    public void Refuses_a_plan_of_another_format(string plan)
    {
        using var folder = new TerraformFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.PlanPath)!);
        File.WriteAllText(folder.PlanPath, plan);
        var workspace = new TerraformWorkspace(folder.Root, TerraformFolder.Program);
        Assert.Equal(TerraformFault.PlanUnusable, Assert.Throws<TerraformException>(() => workspace.Show(folder.PlanPath, Never)).Fault);
    }

    [Fact(SkipUnless = nameof(TerraformHere.HasSignals), SkipType = typeof(TerraformHere), Skip = TerraformHere.NoSignals)]
    public async Task Lets_terraform_end_in_order_when_it_is_stopped()
    {
        using var folder = new TerraformFolder();
        var workspace = new TerraformWorkspace(folder.Root, TerraformFolder.Program);
        workspace.Plan(folder.PlanPath, [], Never);
        folder["fault"] = "wait";
        using var stop = new CancellationTokenSource();
        var applying = Task.Run(() => workspace.Apply(folder.PlanPath, _ => { }, stop.Token), Never);
        Assert.True(SpinWait.SpinUntil(() => folder.Has("waiting"), TimeSpan.FromMinutes(1)));
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => applying);
        Assert.True(folder.Has("interrupted"));
    }

    [Fact(SkipUnless = nameof(TerraformHere.IsHere), SkipType = typeof(TerraformHere), Skip = TerraformHere.Missing)]
    public void Destroys_one_resource_and_leaves_those_that_must_not_be_destroyed()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["main.tf"], """
            resource "terraform_data" "bucket" {
              lifecycle {
                prevent_destroy = true
              }
            }
            resource "terraform_data" "machine" {
              input = terraform_data.bucket.id
            }
            resource "terraform_data" "attachment" {
              input = terraform_data.machine.id
            }
            """);
        var workspace = new TerraformWorkspace(folder.Path);
        workspace.Prepare([], Never);
        string plan = folder["plans", "plan"];
        workspace.Plan(plan, [], Never);
        workspace.Apply(plan, _ => { }, Never);
        var changes = workspace.Plan(plan, [], Never, "terraform_data.machine");
        Assert.Equal(
            [(TerraformAction.Destroy, "terraform_data.attachment"), (TerraformAction.Destroy, "terraform_data.machine")],
            changes.Select(change => (change.Action, change.Address)));
        workspace.Apply(plan, _ => { }, Never);
        Assert.Empty(workspace.Plan(plan, [], Never, "terraform_data.machine"));
    }

    [Fact(SkipUnless = nameof(TerraformHere.IsHere), SkipType = typeof(TerraformHere), Skip = TerraformHere.Missing)]
    public void Works_with_the_real_program()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["main.tf"], """
            variable "size" {
              default = "mini"
            }
            variable "password" {
              sensitive = true
              default   = "hunter22-planted"
            }
            resource "terraform_data" "machine" {
              input            = var.password
              triggers_replace = [var.size]
            }
            output "bucket_name" {
              value = "wms-data"
            }
            output "password" {
              value     = var.password
              sensitive = true
            }
            """);
        var workspace = new TerraformWorkspace(folder.Path);
        workspace.Prepare([], Never);
        string first = folder["plans", "first"], second = folder["plans", "second"];
        Assert.Equal(TerraformAction.Create, Assert.Single(workspace.Plan(first, [], Never)).Action);
        var done = new List<string>();
        workspace.Apply(first, done.Add, Never);
        Assert.Equal(["terraform_data.machine"], done);
        Assert.Equal(["bucket_name", "password"], workspace.Outputs(Never).Select(output => output.Name));
        Assert.Empty(workspace.Plan(second, [], Never));
        File.WriteAllText(folder["full.tfvars"], "size = \"full\"\n");
        var replaced = Assert.Single(workspace.Plan(second, [folder["full.tfvars"]], Never));
        Assert.Equal((TerraformAction.Replace, "it cannot be changed where it is: triggers_replace"), (replaced.Action, replaced.Reason));
        Assert.Equal(TerraformFault.PlanStale, Assert.Throws<TerraformException>(() => workspace.Apply(first, done.Add, Never)).Fault);
        File.WriteAllText(folder["main.tf"], "terraform {\n  required_version = \">= 1.10, < 1.10.1\"\n}\n");
        var error = Assert.Throws<TerraformException>(() => workspace.Plan(second, [], Never));
        Assert.Equal(TerraformFault.WrongVersion, error.Fault);
    }
}
