using System.Management.Automation;

namespace WaterMeters.PowerShell.Completion;

/// <summary>Where the session stands. A completer is handed no session, so it asks the runspace it runs in.</summary>
internal static class SessionPaths
{
    /// <summary>The absolute path of a folder as the session sees it; null outside the file system.</summary>
    public static string? Resolve(string folder)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        var engine = (EngineIntrinsics)shell.AddScript("$ExecutionContext", useLocalScope: true).Invoke()[0].BaseObject;
        string path = engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath(folder, out var provider, out _);
        return provider.Name == "FileSystem" ? path : null;
    }
}
