namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>The policy over infra/, and that it finds what it is there for.</summary>
public sealed class InfrastructurePolicyTests
{
    /// <summary>A file, what is replaced in it, by what, and a part of the sentence that must say so.</summary>
    private static readonly (string File, string Old, string New, string Fault)[] Planted =
    [
        ("network.tf", "toset(var.public_service_cidrs)", "toset([\"0.0.0.0/0\"])", "aws_vpc_security_group_ingress_rule.service opens"),
        ("network.tf", "each.value", "\"0.0.0.0/0\"", "aws_vpc_security_group_ingress_rule.service opens"),
        (
            "network.tf", "vpc_id      = aws_vpc.this.id\n  tags        =",
            "ingress {\n  from_port = 22\n}\n  tags        =",
            "ingress of its own"),
        ("variables.tf", "list(string)\n  default     = []", "list(string)\n  default     = [\"0.0.0.0/0\"]", "not empty by default"),
        ("variables.tf", "  description = \"The AWS region of everything.\"\n", "", "variable region has no description"),
        (
            "variables.tf", "variable \"data_gib\" {",
            "variable \"unused\" {\n  description = \"x\"\n}\n\nvariable \"data_gib\" {",
            "unused is not used"),
        (
            "variables.tf", "variable \"data_gib\" {",
            "variable \"unused\" {\n  description = \"x\"\n}\n\nvariable \"data_gib\" {",
            "not in infra/README.md"),
        (
            "outputs.tf", "  description = \"The public address, if keep_address is set; else it changes with each start.\"\n",
            "",
            "output address has no"),
        ("outputs.tf", "output \"address\"", "output \"adress\"", "output adress is not in"),
        ("machine.tf", "= \"stop\"", "= \"terminate\"", "instance_initiated_shutdown_behavior = stop"),
        ("machine.tf", "\"required\"", "\"optional\"", "http_tokens = required"),
        ("machine.tf", "local.is_full ? 2 : 1", "2", "http_put_response_hop_limit"),
        ("machine.tf", "    encrypted             = true\n", "", "aws_instance.machine lacks encrypted"),
        ("machine.tf", "  encrypted         = true\n", "", "aws_ebs_volume.data lacks encrypted"),
        ("machine.tf", "prevent_destroy = true", "prevent_destroy = false", "aws_ebs_volume.data lacks prevent_destroy"),
        ("machine.tf", "[ami, user_data_base64", "[user_data_base64", "replaced by a newer image"),
        ("machine.tf", ", tags[\"wms:lease\"], tags_all[\"wms:lease\"]]", "]", "plans to write the tag of the lease"),
        ("machine.tf", "-data\", \"wms:machine\" = var.machine }", "-data\" }", "aws_ebs_volume.data has no tag wms:machine"),
        ("operators.tf", "\"wms:lease\"]", "\"wms:lease\", \"wms:machine\"]", "writes other tags"),
        ("operators.tf", "ec2:StopInstances\", ", "ec2:StopInstances\", \"ec2:CreateTags\", ", "writes other tags"),
        (
            "machine.tf", "  cpu_credits = var.cpu_credits",
            "  cpu_credits = var.cpu_credits\n  }\n  ebs_block_device {\n    device_name = \"x\"",
            "a disk that ends with it"),
        ("buckets.tf", "    mlflow = aws_s3_bucket.mlflow\n", "", "aws_s3_bucket.mlflow is not in local.buckets"),
        (
            "buckets.tf", "status = \"Enabled\"\n  }\n}\n\nresource \"aws_s3_bucket_public",
            "status = \"Suspended\"\n  }\n}\n\nresource \"aws_s3_bucket_public",
            "aws_s3_bucket_versioning lacks"),
        ("buckets.tf", "restrict_public_buckets = true", "restrict_public_buckets = false", "aws_s3_bucket_public_access_block lacks"),
        (
            "buckets.tf", "sse_algorithm = \"AES256\"",
            "sse_algorithm = \"none\"",
            "aws_s3_bucket_server_side_encryption_configuration lacks"),
        ("buckets.tf", "aws:SecureTransport", "aws:Other", "tls_only lacks aws:SecureTransport"),
        ("buckets.tf", "prefix = \"jobs/\"", "prefix = \"other/\"", "no lifecycle rule has \"prefix\":\"jobs/\""),
        (
            "buckets.tf", "# Files of runs and models.\nresource \"aws_s3_bucket\" \"mlflow\" {",
            "resource \"aws_s3_bucket\" \"mlflow\" {\n  force_destroy = true",
            "has force_destroy"),
        ("registry.tf", "IMMUTABLE", "MUTABLE", "image_tag_mutability = IMMUTABLE"),
        ("registry.tf", "scan_on_push = true", "scan_on_push = false", "scan_on_push = true"),
        ("registry.tf", "image_tag_mutability", "force_delete = true\n  image_tag_mutability", "has force_delete"),
        ("roles.tf", "\"s3:GetObject\", \"s3:PutObject\"", "\"s3:*\"", "allows s3:*"),
        ("roles.tf", "resources = local.object_arns", "resources = [\"*\"]", "allows s3:GetObject everywhere"),
        ("roles.tf", "aws:ResourceTag/wms:machine", "aws:ResourceTag/other", "stops other machines"),
        ("roles.tf", "value.name}/${var.machine}", "value.name}/*", "writes the schedules of others"),
        ("operators.tf", "value.name}/${var.machine}", "value.name}/*", "writes the schedules of others"),
        ("operators.tf", "$${aws:userid}-*", "*", "ends the sessions of others"),
        ("operators.tf", "\"ssm:ResumeSession\", ", "", "resumes no session"),
        ("operators.tf", "iam:PassedToService", "iam:Other", "passes roles to any service"),
        ("github.tf", "ref:refs/heads/${branch}", "*", "trusts other repositories or branches"),
        ("github.tf", "${local.github_host}:aud", "${local.github_host}:other", "trusts other repositories or branches"),
        ("versions.tf", "    use_lockfile = true\n", "", "use_lockfile = true"),
        ("versions.tf", "region = var.region", "region = var.region\n  access_key = var.project", "has keys"),
        ("versions.tf", "region = var.region", "region = \"AKIA" + "IOSFODNN7EXAMPLE\"", "looks like a secret"),
        ("versions.tf", "region = var.region", "password = \"hunter22\"", "looks like a secret"),
        ("versions.tf", "region = var.region", "region = var.region # 123456789012", "the number of an account"),
        ("versions.tf", "provider \"aws\" {", "provider \"aws\" ", "is not HCL"),
        ("../machine/setup.sh", "--host 127.0.0.1", "--host 0.0.0.0", "MLflow listens"),
        ("../machine/setup.sh", "password=$(head", "password=correcthorse # $(head", "looks like a secret"),
    ];

    [Fact(SkipUnless = nameof(Hcl.IsHere), SkipType = typeof(Hcl), Skip = Hcl.Missing)]
    public void Holds_for_every_file_of_infra()
    {
        var texts = InfrastructureFiles.Read();
        Assert.Empty(InfrastructurePolicy.Check(texts, Hcl.Parse(Terraform(texts))));
    }

    [Fact(SkipUnless = nameof(Hcl.IsHere), SkipType = typeof(Hcl), Skip = Hcl.Missing)]
    public void Finds_every_planted_fault()
    {
        var texts = InfrastructureFiles.Read();
        var parsed = Hcl.Parse(Terraform(texts));
        var changed = new Dictionary<string, string>();
        for (int i = 0; i < Planted.Length; i++)
        {
            var (file, old, replacement, _) = Planted[i];
            string text = texts[PathOf(file)];
            Assert.True(text.Contains(old, StringComparison.Ordinal), $"{file} no longer has '{old}'");
            changed[$"{i}"] = text.Replace(old, replacement, StringComparison.Ordinal);
        }

        // One process for all: Node.js takes longer to start than to parse.
        var variants = Hcl.Parse(changed.Where(pair => Planted[int.Parse(pair.Key, null)].File.EndsWith(".tf", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Value));
        for (int i = 0; i < Planted.Length; i++)
        {
            string path = PathOf(Planted[i].File);
            var with = new Dictionary<string, string>(texts) { [path] = changed[$"{i}"] };
            var withParsed = new Dictionary<string, System.Text.Json.Nodes.JsonObject>(parsed);
            if (variants.TryGetValue($"{i}", out var variant)) withParsed[path] = variant;
            var faults = InfrastructurePolicy.Check(with, withParsed);
            Assert.True(
                faults.Any(fault => fault.Contains(Planted[i].Fault, StringComparison.Ordinal)),
                $"{Planted[i].File}, '{Planted[i].New}': not found. Found: {string.Join("; ", faults)}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"figure: {Planted.Length} of {Planted.Length} planted faults found");
    }

    private static string PathOf(string file) =>
        file.StartsWith("../", StringComparison.Ordinal) ? "infra/" + file[3..] : "infra/terraform/" + file;

    private static Dictionary<string, string> Terraform(Dictionary<string, string> texts) =>
        texts.Where(pair => pair.Key.EndsWith(".tf", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value);
}
