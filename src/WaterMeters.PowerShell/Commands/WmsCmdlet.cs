using System.Management.Automation;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

/// <summary>What all cmdlets share: paths are the session's, errors are made in one place, long work runs on a thread of its own.</summary>
public abstract class WmsCmdlet : PSCmdlet, IDisposable
{
    private PipelineWorker? worker;

    /// <summary>Ends the worker; called by PowerShell when the pipeline is over, however it ended.</summary>
    public void Dispose()
    {
        worker?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => worker?.Stop();

    /// <summary>The absolute file-system path of a parameter that names one file or folder, which need not be there.</summary>
    private protected string Absolute(string path)
    {
        string absolute = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        if (provider.Name != "FileSystem") ThrowTerminatingError(WmsErrors.NotAFile(path));
        return absolute;
    }

    /// <summary>The files and folders that a path with wildcards matches; none is an error that does not end the pipeline.</summary>
    private protected IReadOnlyList<string> Matches(string path)
    {
        try
        {
            var matches = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            if (provider.Name != "FileSystem")
            {
                WriteError(WmsErrors.NotAFile(path));
                return [];
            }

            if (matches.Count > 0) return matches;
        }
        catch (ItemNotFoundException)
        {
            // Said below, with what to do about it.
        }

        WriteError(WmsErrors.NothingAt(path));
        return [];
    }

    /// <summary>
    /// The file that -Model names; with nothing given, the nearest models/production.* from the session's location upward. None is the end of the cmdlet.
    /// </summary>
    private protected string ModelPath(string? argument)
    {
        if (argument is not null)
        {
            string path = Absolute(argument);
            if (!System.IO.Path.Exists(path)) ThrowTerminatingError(WmsErrors.NotAModel(argument, path));
            return path;
        }

        string location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        string? found = ModelFile.Nearest(location);
        if (found is null) ThrowTerminatingError(WmsErrors.NoModel(location));
        return found!;
    }

    /// <summary>Runs work on a thread of its own while this one writes what it posts; what it throws ends the cmdlet.</summary>
    private protected void RunOnWorker(Action<PipelineWorker> work)
    {
        StartWorker(work);
        FinishWorker();
    }

    /// <summary>Starts the work; <see cref="PumpWorker"/> and <see cref="FinishWorker"/> write what it posts.</summary>
    private protected PipelineWorker StartWorker(Action<PipelineWorker> work) => worker = new PipelineWorker(this, work);

    /// <summary>Writes what the worker has posted so far.</summary>
    private protected void PumpWorker() => Guarded(w => w.PumpPosted());

    /// <summary>Waits a little for something the worker posts, and writes it; throws what the worker threw when it has ended.</summary>
    private protected void AwaitWorker() => Guarded(w => w.PumpOnce());

    /// <summary>Writes what the worker posts until it ends.</summary>
    private protected void FinishWorker() => Guarded(w => w.PumpToEnd());

    private void Guarded(Action<PipelineWorker> pump)
    {
        try
        {
            pump(worker!);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (e is WaterMetersException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            ThrowTerminatingError(WmsErrors.From(e));
        }
    }
}
