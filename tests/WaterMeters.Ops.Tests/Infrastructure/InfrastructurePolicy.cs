using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>What must hold for the files of infra/: nothing open, nothing unencrypted, no secrets, nothing destroyed by the way.</summary>
internal sealed partial class InfrastructurePolicy
{
    private static readonly string[] Forced = ["force_destroy", "force_delete", "force_detach", "skip_destroy", "skip_final_snapshot"];

    // Actions that know no resource, so that a policy must name all.
    private static readonly string[] WithoutResource =
    [
        "ec2:Describe", "ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations",
        "ecr:GetAuthorizationToken", "pricing:GetProducts",
    ];

    private readonly IReadOnlyDictionary<string, string> texts;
    private readonly Dictionary<string, JsonObject> parsed;
    private readonly List<string> faults = [];

    private InfrastructurePolicy(IReadOnlyDictionary<string, string> texts, IReadOnlyDictionary<string, JsonObject> all)
    {
        this.texts = texts;
        parsed = texts.Keys.Where(all.ContainsKey).ToDictionary(name => name, name => all[name]);
    }

    /// <summary>Returns what is wrong, one sentence each.</summary>
    /// <param name="texts">The files, by their paths.</param>
    /// <param name="parsed">What those of Terraform say.</param>
    public static IReadOnlyList<string> Check(IReadOnlyDictionary<string, string> texts, IReadOnlyDictionary<string, JsonObject> parsed)
    {
        var policy = new InfrastructurePolicy(texts, parsed);
        foreach (var (file, content) in policy.parsed)
        {
            if (content["error"] is { } error) policy.faults.Add($"{file} is not HCL: {error}");
        }

        if (policy.faults.Count > 0) return policy.faults;
        policy.CheckDeclarations("variable");
        policy.CheckDeclarations("output");
        policy.CheckNetwork();
        policy.CheckMachine();
        policy.CheckBuckets();
        policy.CheckRegistry();
        policy.CheckRights();
        policy.CheckState();
        policy.CheckTexts();
        return policy.faults;
    }

    private void CheckDeclarations(string kind)
    {
        string readme = texts.GetValueOrDefault(InfrastructureFiles.Readme, "");
        foreach (var (file, content) in parsed)
        {
            string folder = file[..file.LastIndexOf('/')];
            foreach (var (name, declared) in content[kind]?.AsObject() ?? [])
            {
                if (string.IsNullOrWhiteSpace(declared![0]!["description"]?.ToString())) Fault($"{kind} {name} has no description");
                if (!readme.Contains($"`{name}`", StringComparison.Ordinal)) Fault($"{kind} {name} is not in {InfrastructureFiles.Readme}");
                if (kind == "output") continue;
                bool isUsed = texts.Any(pair => Path.GetDirectoryName(pair.Key)!.Replace('\\', '/') == folder
                    && Regex.Count(pair.Value, $@"\bvar\.{name}\b") > Validations(pair.Value, name));
                if (!isUsed) Fault($"variable {name} is not used");
            }
        }
    }

    /// <summary>How often a file names a variable in its own validation, which is no use of it.</summary>
    private static int Validations(string text, string name) =>
        Regex.Match(text, $$"""variable "{{name}}" \{.*?\n\}""", RegexOptions.Singleline) is { Success: true } block
            ? Regex.Count(block.Value, $@"\bvar\.{name}\b")
            : 0;

    private void CheckNetwork()
    {
        foreach (var (name, rule) in Resources("aws_vpc_security_group_ingress_rule"))
        {
            bool isPublicByDecision = rule["for_each"]?.ToString() == "${toset(var.public_service_cidrs)}"
                && rule["cidr_ipv4"]?.ToString() == "${each.value}" && rule["cidr_ipv6"] is null;
            if (!isPublicByDecision)
            {
                Fault($"{name} opens the machine to others than public_service_cidrs");
            }
        }

        foreach (var (name, group) in Resources("aws_security_group"))
        {
            if (group["ingress"] is not null) Fault($"{name} has ingress of its own");
        }

        foreach (var (name, group) in Resources("aws_default_security_group"))
        {
            if (group["ingress"] is not null || group["egress"] is not null) Fault($"{name} is open");
        }

        foreach (var (name, _) in Resources("aws_security_group_rule")) Fault($"{name} is of the old kind of rule");
        bool isClosed = Variable("public_service_cidrs")?["default"] is JsonArray { Count: 0 };
        if (!isClosed) Fault("public_service_cidrs is not empty by default");
    }

    private void CheckMachine()
    {
        var machines = Resources("aws_instance").ToList();
        if (machines.Count == 0) Fault("there is no machine");
        foreach (var (name, machine) in machines)
        {
            Require(name, machine, "instance_initiated_shutdown_behavior", "stop");
            Require(name, machine["metadata_options"]?[0], "http_tokens", "required");
            Require(name, machine["metadata_options"]?[0], "http_put_response_hop_limit", "${local.is_full ? 2 : 1}");
            Require(name, machine["root_block_device"]?[0], "encrypted", "true");
            if (machine["ebs_block_device"] is not null) Fault($"{name} has a disk that ends with it");
            if (machine["key_name"] is not null) Fault($"{name} has an SSH key");
            if (machine["lifecycle"]?[0]?["ignore_changes"]?.ToJsonString().Contains("{ami}", StringComparison.Ordinal) != true)
            {
                Fault($"{name} is replaced by a newer image");
            }

            if (machine["lifecycle"]?[0]?["ignore_changes"]?.ToJsonString().Contains("wms:lease", StringComparison.Ordinal) != true)
            {
                Fault($"{name} plans to write the tag of the lease");
            }
        }

        foreach (var (name, part) in Resources("aws_ebs_volume").Concat(Resources("aws_eip")))
        {
            // What is left after a removal is found by its tag.
            bool isFound = part["tags"]?.ToJsonString().Contains("wms:machine", StringComparison.Ordinal) == true;
            if (!isFound) Fault($"{name} has no tag wms:machine");
        }

        foreach (var (name, volume) in Resources("aws_ebs_volume"))
        {
            Require(name, volume, "encrypted", "true");
            Require(name, volume["lifecycle"]?[0], "prevent_destroy", "true");
        }

        if (!Resources("aws_ebs_volume").Any()) Fault("there is no data volume");
    }

    private void CheckBuckets()
    {
        string list = Local("buckets")?.ToJsonString() ?? "";
        foreach (var (name, bucket) in Resources("aws_s3_bucket"))
        {
            if (!list.Contains($"{{{name}}}", StringComparison.Ordinal)) Fault($"{name} is not in local.buckets, which are closed");
            Require(name, bucket["lifecycle"]?[0], "prevent_destroy", "true");
        }

        RequireForBuckets("aws_s3_bucket_versioning", "\"status\":\"Enabled\"");
        RequireForBuckets("aws_s3_bucket_server_side_encryption_configuration", "\"sse_algorithm\":\"AES256\"");
        RequireForBuckets("aws_s3_bucket_ownership_controls", "BucketOwnerEnforced");
        foreach (string block in (string[])["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"])
        {
            RequireForBuckets("aws_s3_bucket_public_access_block", $"\"{block}\":true");
        }

        RequireForBuckets("aws_s3_bucket_policy", "aws_iam_policy_document.tls_only");
        string tls = Data("aws_iam_policy_document").Where(pair => pair.Name.EndsWith(".tls_only", StringComparison.Ordinal))
            .Select(pair => pair.Body.ToJsonString()).FirstOrDefault("");
        foreach (string part in (string[])["\"effect\":\"Deny\"", "aws:SecureTransport", "\"false\"", "s3:*"])
        {
            if (!tls.Contains(part, StringComparison.Ordinal)) Fault($"tls_only lacks {part}");
        }

        string rules = string.Concat(Resources("aws_s3_bucket_lifecycle_configuration").Select(pair => pair.Body.ToJsonString()));
        foreach (string part in (string[])["\"prefix\":\"machine/\"", "\"prefix\":\"jobs/\"", "${var.version_days}", "abort_incomplete"])
        {
            if (!rules.Contains(part, StringComparison.Ordinal)) Fault($"no lifecycle rule has {part}");
        }
    }

    private void CheckRegistry()
    {
        foreach (var (name, registry) in Resources("aws_ecr_repository"))
        {
            Require(name, registry, "image_tag_mutability", "IMMUTABLE");
            Require(name, registry["image_scanning_configuration"]?[0], "scan_on_push", "true");
            Require(name, registry["encryption_configuration"]?[0], "encryption_type", "AES256");
        }
    }

    private void CheckRights()
    {
        foreach (var (name, document) in Data("aws_iam_policy_document"))
        {
            var statements = (document["statement"]?.AsArray() ?? [])
                .Concat((document["dynamic"]?["statement"]?.AsArray() ?? []).Select(dynamic => dynamic!["content"]![0]))
                .Select(node => node!.AsObject());
            foreach (var statement in statements.Where(one => one["effect"]?.ToString() != "Deny")) CheckStatement(name, statement);
        }

        foreach (var (name, _) in Resources("aws_iam_access_key").Concat(Resources("aws_iam_user"))) Fault($"{name} is a permanent key");
    }

    private void CheckStatement(string name, JsonObject statement)
    {
        string[] actions = [.. (statement["actions"] as JsonArray ?? []).Select(action => action!.ToString())];
        foreach (string action in actions.Where(action => action.Contains('*', StringComparison.Ordinal))) Fault($"{name} allows {action}");
        if (statement["resources"] is JsonArray resources && resources.Any(resource => resource!.ToString() == "*"))
        {
            foreach (string action in actions.Where(one => !WithoutResource.Any(known => one.StartsWith(known, StringComparison.Ordinal))))
            {
                Fault($"{name} allows {action} everywhere");
            }
        }

        var sessions = statement["resources"] as JsonArray ?? [];
        bool isOwn = sessions.All(one => one!.ToString().Contains("{aws:user", StringComparison.Ordinal));
        if (actions.Contains("ssm:TerminateSession") && !isOwn) Fault($"{name} ends the sessions of others");
        if (actions.Contains("ssm:TerminateSession") && !actions.Contains("ssm:ResumeSession"))
        {
            Fault($"{name} resumes no session after a broken connection");
        }

        string conditions = statement["condition"]?.ToJsonString() ?? "";
        if (actions.Contains("ec2:StopInstances") && !conditions.Contains("aws:ResourceTag/wms:machine", StringComparison.Ordinal))
        {
            Fault($"{name} stops other machines");
        }

        bool writesLeaseOnly = conditions.Contains("aws:ResourceTag/wms:machine", StringComparison.Ordinal)
            && conditions.Contains("\"variable\":\"aws:TagKeys\"", StringComparison.Ordinal)
            && conditions.Contains("\"values\":[\"wms:lease\"]", StringComparison.Ordinal);
        if (actions.Contains("ec2:CreateTags") && !writesLeaseOnly) Fault($"{name} writes other tags");
        if (actions.Contains("sts:AssumeRoleWithWebIdentity"))
        {
            bool isNarrow = conditions.Contains(":aud", StringComparison.Ordinal)
                && conditions.Contains("repo:${var.github_repository}:ref:refs/heads/${branch}", StringComparison.Ordinal);
            if (!isNarrow) Fault($"{name} trusts other repositories or branches");
        }

        bool writesSchedules = actions.Any(action => action.StartsWith("scheduler:", StringComparison.Ordinal));
        if (writesSchedules && statement["resources"]?.ToJsonString().Contains("/${var.machine}", StringComparison.Ordinal) != true)
        {
            Fault($"{name} writes the schedules of others");
        }

        if (actions.Contains("iam:PassRole") && !conditions.Contains("iam:PassedToService", StringComparison.Ordinal))
        {
            Fault($"{name} passes roles to any service");
        }
    }

    private void CheckState()
    {
        var backend = parsed.Values.Select(content => content["terraform"]?[0]?["backend"]?["s3"]?[0])
            .SingleOrDefault(found => found is not null);
        Require("the state", backend, "use_lockfile", "true");
        Require("the state", backend, "encrypt", "true");
        foreach (var (file, content) in parsed)
        {
            if (content["provider"]?["aws"]?[0] is JsonObject provider && (provider["access_key"] ?? provider["secret_key"]) is not null)
            {
                Fault($"{file} has keys");
            }
        }
    }

    private void CheckTexts()
    {
        foreach (var (file, text) in texts)
        {
            foreach (string word in Forced)
            {
                if (Regex.IsMatch(text, $@"^\s*{word}\s*=", RegexOptions.Multiline)) Fault($"{file} has {word}");
            }

            foreach (Match match in Secret().Matches(text)) Fault($"{file} has what looks like a secret: {match.Value}");
            if (Account().IsMatch(text)) Fault($"{file} has the number of an account");
        }

        string setup = texts.GetValueOrDefault("infra/machine/setup.sh", "");
        var hosts = Regex.Matches(setup, @"--host (\S+)").Select(match => match.Groups[1].Value);
        if (hosts.Any(host => host != "127.0.0.1")) Fault("MLflow listens to other machines");
    }

    private void RequireForBuckets(string type, string part)
    {
        bool holds = Resources(type).Any(pair => pair.Body["for_each"]?.ToString() == "${local.buckets}"
            && pair.Body.ToJsonString().Contains(part, StringComparison.Ordinal));
        if (!holds) Fault($"{type} lacks {part} for all buckets");
    }

    private void Require(string name, JsonNode? body, string key, string expected)
    {
        if (body?[key]?.ToString() != expected) Fault($"{name} lacks {key} = {expected}");
    }

    private JsonNode? Variable(string name) => parsed.Values.Select(content => content["variable"]?[name]?[0])
        .FirstOrDefault(found => found is not null);

    private JsonNode? Local(string name) => parsed.Values.SelectMany(content => content["locals"]?.AsArray() ?? [])
        .Select(locals => locals![name]).FirstOrDefault(found => found is not null);

    private IEnumerable<(string Name, JsonObject Body)> Resources(string type) => Blocks("resource", type);

    private IEnumerable<(string Name, JsonObject Body)> Data(string type) => Blocks("data", type);

    private IEnumerable<(string Name, JsonObject Body)> Blocks(string kind, string type) =>
        from content in parsed.Values
        from block in content[kind]?[type]?.AsObject() ?? []
        select ($"{type}.{block.Key}", block.Value![0]!.AsObject());

    private void Fault(string text) => faults.Add(text);

    [GeneratedRegex(
        @"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_[A-Za-z0-9]{20,}"
        + @"|(?i)(?<![$\w{-])(password|passwd|secret|token)\s*[:=]\s*[""']?(?![$\s""'{]|data\.|var\.|local\.)[^\s""'$]{4,}")]
    private static partial Regex Secret();

    [GeneratedRegex(@"(?<![\w.-])\d{12}(?![\w.-])")]
    private static partial Regex Account();
}
