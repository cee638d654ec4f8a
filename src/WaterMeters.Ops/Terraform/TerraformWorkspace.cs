using System.Text.Json;

namespace WaterMeters.Ops.Terraform;

/// <summary>A folder with files of Terraform: makes plans, applies saved ones, reads the outputs.</summary>
/// <param name="folder">Absolute path of the folder.</param>
/// <param name="program">Absolute path of the program; null to find it.</param>
public sealed class TerraformWorkspace(string folder, string? program = null)
{
    private const string LockTimeout = "-lock-timeout=30s";

    // Exit codes of `plan -detailed-exitcode`.
    private const int NoChanges = 0, HasChanges = 2;

    private readonly TerraformSecrets secrets = new();
    private readonly TerraformProcess process = new(program ?? TerraformProgram.Find(), folder);

    /// <summary>Called with each warning of terraform.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>How the resources of a plan are priced; null: no price is known.</summary>
    public PlanPricing? Pricing { get; init; }

    /// <summary>Called with the address of a resource, and what is done with it.</summary>
    public Action<string, string>? Progress { get; init; }

    /// <summary>Checks the program, and prepares the folder: providers and the place of the state.</summary>
    /// <param name="backend">Settings of the place of the state, NAME=VALUE; with none, a folder that is prepared is left alone.</param>
    /// <param name="cancellation">Ends terraform.</param>
    /// <exception cref="TerraformException">It fails.</exception>
    public void Prepare(IReadOnlyList<string> backend, CancellationToken cancellation)
    {
        var (_, answer, _) = process.Run(["version", "-json"], null, cancellation);
        TerraformProgram.CheckVersion(program ?? TerraformProgram.Find(), answer);
        if (backend.Count == 0 && Directory.Exists(Path.Combine(folder, ".terraform"))) return;
        string[] settings = backend.Count == 0 ? [] : ["-reconfigure", .. backend.Select(setting => $"-backend-config={setting}")];
        Run("init", folder, ["init", "-json", "-input=false", .. settings], cancellation);
    }

    /// <summary>Makes a plan and saves it.</summary>
    /// <param name="planPath">Absolute path of the file.</param>
    /// <param name="variableFiles">Absolute paths of files with variables (.tfvars).</param>
    /// <param name="cancellation">Ends terraform.</param>
    /// <param name="destroyed">Address of the resource to destroy, with those that depend on it; null: none.</param>
    /// <returns>What it changes; empty if nothing.</returns>
    /// <exception cref="TerraformException">It fails.</exception>
    public IReadOnlyList<TerraformChange> Plan(
        string planPath, IReadOnlyList<string> variableFiles, CancellationToken cancellation, string? destroyed = null)
    {
        string[] variables = [.. variableFiles.Select(file => $"-var-file={file}")];
        Directory.CreateDirectory(Path.GetDirectoryName(planPath)!);

        // Without a target, what must not be destroyed makes the whole plan an error.
        string[] scope = destroyed is null ? [] : ["-destroy", $"-target={destroyed}"];
        string[] arguments =
            ["plan", "-json", "-input=false", LockTimeout, "-detailed-exitcode", $"-out={planPath}", .. scope, .. variables];
        var warnings = new List<string>();
        int code = Run("plan", folder, arguments, cancellation, warned: warnings.Add);

        // A plan holds the values of all variables, secret ones too.
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (!OperatingSystem.IsWindows() && File.Exists(planPath)) File.SetUnixFileMode(planPath, Owner);
        var changes = code == NoChanges && warnings.Count == 0 ? [] : Show(planPath, cancellation);

        // Only now it is known what is secret in them.
        foreach (string warning in warnings) Warn?.Invoke(secrets.Hide(warning));
        return changes;
    }

    /// <summary>Returns what a saved plan changes.</summary>
    /// <exception cref="TerraformException"><see cref="TerraformFault.PlanUnusable"/>: it cannot be read.</exception>
    public IReadOnlyList<TerraformChange> Show(string planPath, CancellationToken cancellation)
    {
        // What terraform says of a plan that it cannot read is not passed on: what is secret in it is not known then.
        var (code, output, _) = process.Run(["show", "-json", planPath], null, cancellation);
        if (code != 0) throw Unusable(planPath);
        try
        {
            using var plan = JsonDocument.Parse(output);
            secrets.AddPlan(plan.RootElement);
            return TerraformPlan.Changes(plan.RootElement, planPath, Pricing);
        }
        catch (JsonException e)
        {
            throw Unusable(planPath, e);
        }
    }

    /// <summary>Applies a saved plan.</summary>
    /// <param name="planPath">Absolute path of the plan.</param>
    /// <param name="completed">Called with the address of each resource that is done.</param>
    /// <param name="cancellation">Asks terraform to end after what it is doing; the state is saved.</param>
    /// <exception cref="TerraformException">It fails.</exception>
    public void Apply(string planPath, Action<string> completed, CancellationToken cancellation) =>
        Run("apply", planPath, ["apply", "-json", "-input=false", LockTimeout, planPath], cancellation, completed);

    /// <summary>Returns the outputs of what was applied, by their names.</summary>
    /// <exception cref="TerraformException">It fails.</exception>
    public IReadOnlyList<TerraformOutput> Outputs(CancellationToken cancellation)
    {
        var (code, output, error) = process.Run(["output", "-json"], null, cancellation);
        var messages = new TerraformMessages(secrets);
        if (code != 0) throw messages.Failure("output", folder, error);
        try
        {
            using var outputs = JsonDocument.Parse(output);
            secrets.AddOutputs(outputs.RootElement);
            return [.. outputs.RootElement.Members().Select(TerraformOutput.Read)];
        }
        catch (JsonException)
        {
            throw messages.Failure("output", folder, "");
        }
    }

    private int Run(
        string command, string target, IEnumerable<string> arguments, CancellationToken cancellation, Action<string>? completed = null,
        Action<string>? warned = null)
    {
        var messages = new TerraformMessages(secrets) { Started = Progress, Completed = completed, Warned = warned ?? Warn };
        var (code, _, error) = process.Run(arguments, messages.Take, cancellation);
        bool isDone = code == 0 || (command == "plan" && code == HasChanges);
        return isDone ? code : throw messages.Failure(command, target, error);
    }

    private static TerraformException Unusable(string planPath, Exception? reason = null) => new(
        TerraformFault.PlanUnusable,
        planPath,
        $"'{planPath}' is not a plan of these files, or it is damaged. Make a new one with Invoke-WmsTerraform.",
        reason);
}
