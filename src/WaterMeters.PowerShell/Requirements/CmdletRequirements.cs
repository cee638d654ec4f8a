using System.Management.Automation;
using System.Reflection;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.PowerShell.Requirements;

/// <summary>Which cmdlet needs what of the machine. A cmdlet that is not named here needs PowerShell alone.</summary>
internal static class CmdletRequirements
{
    /// <summary>Name of the check for PowerShell itself.</summary>
    public const string PowerShell = "PowerShell";

    private static readonly string[] Trainers = ["Start-WmsTraining"];

    // libtorch makes these faster where the processor has bfloat16; they do without.
    private static readonly string[] Predictors = ["Compare-WmsModel", "Invoke-WmsPrediction", "Measure-WmsModel"];

    /// <summary>The cmdlets of this module.</summary>
    public static IReadOnlyList<string> Cmdlets { get; } = [.. typeof(CmdletRequirements).Assembly.GetExportedTypes()
        .Select(t => t.GetCustomAttribute<CmdletAttribute>()).OfType<CmdletAttribute>()
        .Select(c => $"{c.VerbName}-{c.NounName}").Order(StringComparer.Ordinal)];

    /// <summary>The cmdlets that need what a check looks at.</summary>
    public static IReadOnlyList<string> CmdletsFor(string check) => check switch
    {
        EnvironmentInspector.LibTorch or EnvironmentInspector.TorchSharp => Trainers,
        EnvironmentInspector.OnnxRuntime => Predictors,
        EnvironmentInspector.Processor or EnvironmentInspector.Memory => [.. Predictors, .. Trainers],
        EnvironmentInspector.Disk => ["Install-WmsRuntime"],
        _ => Cmdlets,
    };
}
