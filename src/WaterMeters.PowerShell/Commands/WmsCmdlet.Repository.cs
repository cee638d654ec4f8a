namespace WaterMeters.PowerShell.Commands;

// Work in a repository of git: the user is asked between its steps.
public abstract partial class WmsCmdlet
{
    /// <summary>Asks on the pipeline's thread whether a step may be done, as ShouldProcess does; the worker waits for the answer.</summary>
    private protected bool Confirm(PipelineWorker worker, string target, string action)
    {
        var answer = new TaskCompletionSource<bool>();
        worker.Post(() => answer.SetResult(ShouldProcess(target, action)));
        answer.Task.Wait(worker.Stopping);
        return answer.Task.Result;
    }
}
