using System.Globalization;
using System.Management.Automation;
using System.Security;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Machines;
using WaterMeters.Ops.Terraform;
using WaterMeters.PowerShell.Commands.Repository;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Infrastructure;

/// <summary>Plans the infrastructure with Terraform, applies a saved plan, or returns the outputs.</summary>
/// <seealso href="about_WaterMeters_Terraform"/>
/// <remarks>
/// <para>Without -PlanPath and -Output, the cmdlet makes a plan, saves it, and returns a record for each resource that would change.
/// Nothing is changed in the account. The records hold no values of the resources, which may be secret.</para>
/// <para>MonthlyCost is what an instance, a disk or an address costs in US dollars a month, before tax, if it is on all the time; it is
/// null for everything else. The prices are those of the module, or those that Get-WmsInfrastructure -Refresh has read.</para>
/// <para>-PlanPath returns the records of a saved plan. With -Apply, that plan is applied and nothing else: what you have seen is what is
/// done. The confirmation names every resource that is destroyed. The records of what is done are returned in the order in which it is
/// done.</para>
/// <para>-Output returns one record with the outputs, each as a property: InstanceId for the output instance_id. What is sensitive is a
/// SecureString.</para>
/// <para>Without -Path, the files are those in infra/terraform of the current location. If there are none, the files of this module are
/// copied there: they belong into your repository.</para>
/// <para>The program terraform, version 1.10 or later, must be installed.</para>
/// </remarks>
/// <example><para>Show what would be created, with the place of Terraform's state.</para>
/// <code>Invoke-WmsTerraform -Backend bucket=my-terraform-state, region=eu-central-1</code></example>
/// <example><para>Show what is destroyed or replaced by a plan.</para>
/// <code>Invoke-WmsTerraform | Where-Object Action -in Destroy, Replace</code></example>
/// <example><para>Apply the plan that was saved last.</para>
/// <code>Invoke-WmsTerraform -Apply -PlanPath infra/terraform/.terraform/wms.tfplan</code></example>
/// <example><para>Show what removing the machine would destroy; the data volume and the buckets stay.</para>
/// <code>Invoke-WmsTerraform -Destroy</code></example>
/// <example><para>Return the name of the bucket.</para>
/// <code>(Invoke-WmsTerraform -Output).BucketName</code></example>
[Cmdlet(VerbsLifecycle.Invoke, "WmsTerraform", DefaultParameterSetName = PlanSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(TerraformChange), ParameterSetName = [PlanSet, SavedSet])]
[OutputType(typeof(PSObject), ParameterSetName = [OutputSet])]
public sealed class InvokeWmsTerraformCommand : WmsCmdlet
{
    private const string PlanSet = "Plan", SavedSet = "SavedPlan", OutputSet = "Output", DefaultPlan = "wms.tfplan",
        Machine = "aws_instance.machine";

    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private string folder = "";
    private string? cache;

    /// <summary>The folder with the files for Terraform.</summary>
    [Parameter(Position = 0)]
    [PSDefaultValue(Help = "infra/terraform, which is created from the files of this module")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The file that the plan is written to. Terraform stores the values of all variables in it.</summary>
    [Parameter(ParameterSetName = PlanSet)]
    [PSDefaultValue(Help = ".terraform/wms.tfplan in the folder of -Path")]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>A saved plan: its records are returned, or with -Apply it is applied.</summary>
    [Parameter(ParameterSetName = SavedSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string PlanPath { get; set; } = "";

    /// <summary>Files with variables (.tfvars), besides terraform.tfvars and *.auto.tfvars in the folder.</summary>
    [Parameter(ParameterSetName = PlanSet)]
    [ValidateNotNullOrEmpty]
    public string[] VariablePath { get; set; } = [];

    /// <summary>The place of Terraform's state, as NAME=VALUE: bucket and region. Needed once in each clone.</summary>
    [Parameter(ParameterSetName = PlanSet)]
    [ValidateNotNullOrEmpty]
    [TextForm("^[A-Za-z_]+=.+$", "is not NAME=VALUE. Write it as bucket=my-terraform-state.")]
    public string[] Backend { get; set; } = [];

    /// <summary>Plans to destroy the machine. The data volume and the buckets stay: Terraform refuses to destroy them.</summary>
    [Parameter(ParameterSetName = PlanSet)]
    public SwitchParameter Destroy { get; set; }

    /// <summary>Applies the plan of -PlanPath.</summary>
    [Parameter(ParameterSetName = SavedSet)]
    public SwitchParameter Apply { get; set; }

    /// <summary>Returns the outputs of what was applied.</summary>
    [Parameter(ParameterSetName = OutputSet, Mandatory = true)]
    public SwitchParameter Output { get; set; }

    /// <inheritdoc/>
    private protected override object ErrorTarget => folder;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        cache = UserFolder.Cache(Location);
        folder = Path is null ? System.IO.Path.Combine(Location, "infra", TerraformFiles.Subfolder) : ResolvePath(Path);
        bool isCopied = Path is null && ParameterSetName == PlanSet; // from the module, if it is not there
        if (!isCopied && !Directory.Exists(folder)) ThrowTerminatingError(WmsErrors.PathNotFound(Path ?? folder, Location));
        if (ParameterSetName == SavedSet)
        {
            // The records of one plan all name it.
            string plan = RequireFile(PlanPath);
            if (seen.Add(plan)) RunOnWorker(worker => UsePlan(worker, plan));
        }
        else if (ParameterSetName == OutputSet)
        {
            RunOnWorker(ReadOutputs);
        }
        else
        {
            string plan = OutputPath is null ? System.IO.Path.Combine(folder, ".terraform", DefaultPlan) : ResolvePath(OutputPath);
            string[] variables = [.. VariablePath.Select(RequireFile)];
            bool isWhatIf = IsWhatIf;
            RunOnWorker(worker => MakePlan(worker, plan, variables, isWhatIf));
        }
    }

    private void MakePlan(PipelineWorker worker, string plan, string[] variables, bool isWhatIf)
    {
        if (!TerraformFiles.AreIn(folder))
        {
            string copy = System.IO.Path.GetDirectoryName(folder)!;
            if (isWhatIf)
            {
                _ = Confirm(worker, copy, "Copy the module's files for Terraform, and make a plan");
                return;
            }

            new TerraformFiles(System.IO.Path.Combine(HookCmdlet.ModuleFolder, "infra")).CopyTo(copy, worker.Stopping);
            worker.Post(() => WriteVerbose($"Copied the module's files for Terraform to '{copy}'."));
        }
        else if (isWhatIf)
        {
            _ = Confirm(worker, plan, "Make a plan and save it");
            return;
        }

        var workspace = Workspace(worker);
        workspace.Prepare(Backend, worker.Stopping);
        string? target = Destroy ? Machine : null;
        foreach (var change in workspace.Plan(plan, variables, worker.Stopping, target)) worker.Post(() => WriteObject(change));
    }

    /// <summary>Returns the absolute path of a file; terminates the cmdlet when there is none.</summary>
    private string RequireFile(string path)
    {
        string file = ResolvePath(path);
        if (!File.Exists(file)) ThrowTerminatingError(WmsErrors.PathNotFound(path, Location));
        return file;
    }

    private void UsePlan(PipelineWorker worker, string plan)
    {
        var workspace = Workspace(worker);
        workspace.Prepare([], worker.Stopping);
        var changes = workspace.Show(plan, worker.Stopping);
        if (!Apply)
        {
            foreach (var change in changes) worker.Post(() => WriteObject(change));
            return;
        }

        if (!Confirm(worker, plan, Describe(changes))) return;
        var byAddress = changes.DistinctBy(change => change.Address).ToDictionary(change => change.Address);
        var destroyed = new HashSet<string>();
        workspace.Apply(
            plan,
            address =>
            {
                // A replacement is done twice: destroyed, then created.
                if (!byAddress.TryGetValue(address, out var change)) return;
                if (change.Action == TerraformAction.Replace && destroyed.Add(address)) return;
                worker.Post(() => WriteObject(change));
            },
            worker.Stopping);
    }

    private void ReadOutputs(PipelineWorker worker)
    {
        var outputs = Workspace(worker).Outputs(worker.Stopping);
        worker.Post(() =>
        {
            var record = new PSObject();
            foreach (var output in outputs)
            {
                object? value = output.IsSensitive ? Secure(output.Value) : output.Value;
                record.Properties.Add(new PSNoteProperty(output.PropertyName, value));
            }

            WriteObject(record);
        });
    }

    private TerraformWorkspace Workspace(PipelineWorker worker) => new(folder)
    {
        Warn = worker.Warn,
        Pricing = PlanPrices.Of(cache),
        Progress = (address, action) => worker.Verbose($"{action}: {address}"),
    };

    /// <summary>Counts what a plan does, and names all that is lost by it.</summary>
    private static string Describe(IReadOnlyList<TerraformChange> changes)
    {
        var parts = changes.Where(change => change.Action != TerraformAction.Read)
            .GroupBy(change => change.Action)
            .OrderBy(group => group.Key)
            .Select(group => group.Key is TerraformAction.Destroy or TerraformAction.Replace
                ? $"{group.Key} {group.Count()} ({string.Join(", ", group.Select(change => change.Address))})"
                : $"{group.Key} {group.Count()}");
        string text = string.Join(", ", parts);
        var there = changes.Where(change => change.Action is TerraformAction.Create or TerraformAction.Update or TerraformAction.Replace);
        decimal[] costs = [.. there.Select(change => change.MonthlyCost).OfType<decimal>()];
        string cost = costs.Length == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"; machine, disks and addresses in it: about {costs.Sum():0.00} USD a month, if always on");
        return $"Apply the plan: {(text.Length == 0 ? "no changes" : text)}{cost}";
    }

    private static SecureString? Secure(object? value)
    {
        if (value is null) return null;
        var secure = new SecureString();
        foreach (char letter in FormattableString.Invariant($"{value}")) secure.AppendChar(letter);
        secure.MakeReadOnly();
        return secure;
    }
}
