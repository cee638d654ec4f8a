using System.Reflection;

namespace WaterMeters.Ml.Foundation;

/// <summary>The version of the module, for the files it writes.</summary>
public static class ModuleVersion
{
    /// <summary>The version, such as <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(ModuleVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
