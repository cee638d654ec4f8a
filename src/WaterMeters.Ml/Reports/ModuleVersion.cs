using System.Reflection;

namespace WaterMeters.Ml.Reports;

/// <summary>The version of the module that writes a report.</summary>
internal static class ModuleVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(ModuleVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
