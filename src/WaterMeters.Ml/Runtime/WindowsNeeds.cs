using System.Diagnostics;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Whether Windows has what libraries need: the Visual C++ runtime above all, which is no part of Windows. Loads nothing.
/// </summary>
internal static class WindowsNeeds
{
    private const string VisualC = "msvcp140.dll";

    /// <summary>Returns a check with what Windows lacks for its libraries; unchanged on other systems and if nothing is missing.</summary>
    /// <param name="check">The check so far.</param>
    /// <param name="files">The libraries.</param>
    /// <param name="folder">Another folder whose libraries are loaded before them.</param>
    /// <param name="otherwise">What to do about a missing library that is not of the Visual C++ runtime.</param>
    public static EnvironmentCheck Add(EnvironmentCheck check, IEnumerable<string> files, string? folder, string otherwise)
    {
        if (!OperatingSystem.IsWindows() || check.Status == EnvironmentStatus.Missing) return check;
        string[] all = [.. files];
        string[] missing = [.. all.SelectMany(f => WindowsLibraries.Missing(f, folder)).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (missing.Length > 0)
        {
            return check with
            {
                Status = EnvironmentStatus.Missing,
                Detail = $"{check.Detail} Windows cannot load it, because it needs {string.Join(", ", missing)}, which this machine does " +
                    "not have.",
                Remedy = WindowsLoadFault.Remedy(missing, otherwise),
            };
        }

        return Older(all) is not var (runtime, tools) ? check : check with
        {
            Status = EnvironmentStatus.Warning,
            Detail = $"{check.Detail} It was made with Visual C++ {tools}, but this machine has the runtime of {runtime}: it may crash.",
            Remedy = WindowsLoadFault.InstallVisualC,
        };
    }

    // Microsoft: the runtime must be at least as new as the tools. A program that was made with newer ones can crash without a word.
    private static (Version Runtime, Version Tools)? Older(string[] files)
    {
        try
        {
            string file = Path.Combine(Environment.SystemDirectory, VisualC);
            var info = File.Exists(file) ? FileVersionInfo.GetVersionInfo(file) : null;
            if (info is null || info.FileMajorPart == 0) return null;
            var runtime = new Version(info.FileMajorPart, info.FileMinorPart);
            var tools = files.Where(File.Exists).Select(WindowsImports.Tools).Where(v => v.Major == runtime.Major).Max();
            return tools is not null && runtime < tools ? (runtime, tools) : null;
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
