using System.Management.Automation;

namespace WaterMeters.PowerShell.Completion;

/// <summary>Resolves paths as the session does. Completers are not given the session, so it is taken from their runspace.</summary>
internal static class SessionPaths
{
    /// <summary>Returns the absolute path of a folder; null outside the file system.</summary>
    public static string? Resolve(string folder)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        var engine = (EngineIntrinsics)shell.AddScript("$ExecutionContext", useLocalScope: true).Invoke()[0].BaseObject;
        string path = engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath(folder, out var provider, out _);
        return provider.Name == "FileSystem" ? path : null;
    }
}
