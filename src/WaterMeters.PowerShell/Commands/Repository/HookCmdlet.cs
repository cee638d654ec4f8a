using System.Management.Automation;
using WaterMeters.Ops.Git.Hooks;

namespace WaterMeters.PowerShell.Commands.Repository;

/// <summary>Base of the cmdlets for the hook of a repository.</summary>
public abstract class HookCmdlet : PathCmdlet
{
    /// <summary>Absolute path of the folder of this module.</summary>
    internal static string ModuleFolder => System.IO.Path.GetDirectoryName(typeof(HookCmdlet).Assembly.Location)!;

    /// <summary>The hook's script in this module.</summary>
    internal static HookSource Source => new(System.IO.Path.Combine(ModuleFolder, "hooks", HookRepository.HookName));

    /// <inheritdoc/>
    private protected override bool FailureTerminates => false;

    /// <inheritdoc/>
    private protected override bool MustExist => true;

    /// <summary>Works on the repository around a folder.</summary>
    private protected abstract void Process(PipelineWorker worker, HookRepository repository);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (MyInvocation.ExpectingInput && !IsPathGiven) return;
        Places = FindPlaces(SessionState);
        foreach (string path in IsPathGiven ? ResolvedPaths() : [Location])
        {
            string folder = Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(path)!;
            RunOnWorker(worker => Process(worker, HookRepository.Find(folder, worker.Stopping)));
        }
    }

    /// <summary>The places where the hook finds this PowerShell and this module.</summary>
    private protected HookPlaces Places { get; private set; } = new() { Pwsh = [], Module = [] };

    /// <summary>Finds the places of this session. Only the pipeline's thread may read its variables.</summary>
    internal static HookPlaces FindPlaces(SessionState session) =>
        HookPlaces.Find(session.PSVariable.GetValue("PSHOME")?.ToString() ?? AppContext.BaseDirectory, ModuleFolder);
}
