using System.Management.Automation;
using System.Reflection;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Git.Hooks;
using WaterMeters.Ops.GitHub;
using WaterMeters.Ops.Machines;
using WaterMeters.Ops.Machines.Tunnels;
using WaterMeters.Ops.Terraform;

namespace WaterMeters.PowerShell.Requirements;

/// <summary>What each cmdlet needs of the machine. A cmdlet that is not listed needs only PowerShell.</summary>
internal static class CmdletRequirements
{
    /// <summary>Name of the check of PowerShell itself.</summary>
    public const string PowerShell = "PowerShell";

    private static readonly string[] Trainers = ["Start-WmsTraining"];

    // Faster with libtorch if the processor has bfloat16, but it is not required.
    private static readonly string[] Predictors = ["Compare-WmsModel", "Invoke-WmsPrediction", "Measure-WmsModel", "Publish-WmsModel"];

    private static readonly string[] Machine =
        ["Get-WmsInfrastructure", "Remove-WmsInfrastructure", "Start-WmsInfrastructure", "Stop-WmsInfrastructure"];

    private const string Terraform = "Invoke-WmsTerraform", Secret = "Set-WmsSecret", Sync = "Sync-WmsModel";

    /// <summary>The cmdlets of this module.</summary>
    public static IReadOnlyList<string> Cmdlets { get; } = [.. typeof(CmdletRequirements).Assembly.GetExportedTypes()
        .Select(t => t.GetCustomAttribute<CmdletAttribute>()).OfType<CmdletAttribute>()
        .Select(c => $"{c.VerbName}-{c.NounName}").Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Returns the cmdlets that need what a check covers.</summary>
    public static IReadOnlyList<string> CmdletsFor(string check) => check switch
    {
        EnvironmentInspector.LibTorch or EnvironmentInspector.TorchSharp => Trainers,
        EnvironmentInspector.OnnxRuntime => Predictors,
        EnvironmentInspector.Processor or EnvironmentInspector.Memory => [.. Predictors, .. Trainers],
        EnvironmentInspector.Disk => ["Install-WmsRuntime"],
        HookInspector.Name => ["Invoke-WmsPrePush"],
        AwsInspector.Credentials => [.. Machine, Terraform, Secret],
        AwsInspector.Region or BucketInspector.Name => Machine,
        TokenInspector.Name => [Secret],
        TerraformInspector.Name => [Terraform],
        SessionPluginInspector.Name => [Sync],
        _ => Cmdlets,
    };
}
