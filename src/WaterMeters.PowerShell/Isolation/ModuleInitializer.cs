using System.Management.Automation;
using System.Runtime.Loader;

namespace WaterMeters.PowerShell.Isolation;

/// <summary>
/// Runs when the module is imported. From then on the default load context resolves our own assemblies, by exact name and nothing else: the
/// engine from the private context, the records from beside this assembly.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private static readonly string Home = Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!;
    private static readonly Lazy<ModuleLoadContext> Context = new(Register);

    /// <inheritdoc/>
    public void OnImport() => _ = Context.Value;

    private static ModuleLoadContext Register()
    {
        var engine = new ModuleLoadContext(Path.Combine(Home, "deps"));
        AssemblyLoadContext.Default.Resolving += (context, name) => name.Name switch
        {
            "WaterMeters.Records" => context.LoadFromAssemblyPath(Path.Combine(Home, "WaterMeters.Records.dll")),
            "WaterMeters.Ml" or "WaterMeters.Ops" => engine.LoadFromAssemblyName(name),
            _ => null,
        };
        return engine;
    }
}
