using System.Management.Automation;
using WaterMeters.Ml.Settings;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

/// <summary>Base of all cmdlets: session paths, errors from one table, and long work on a worker thread.</summary>
public abstract partial class WmsCmdlet : PSCmdlet, IDisposable
{
    private PipelineWorker? worker;

    /// <summary>Stops the worker. PowerShell calls it when the pipeline ends, for whatever reason.</summary>
    public void Dispose()
    {
        worker?.Dispose();
        Leave();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called when the pipeline ends, for whatever reason, and the worker has ended. Nothing can be written any more.</summary>
    private protected virtual void Leave()
    {
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        worker?.Stop();
        lookup?.Stop();
    }

    /// <summary>
    /// Whether failed work terminates the cmdlet. It does not where each record of the pipeline is work of its own: one bad model or
    /// data set must not cost the others.
    /// </summary>
    private protected virtual bool FailureTerminates => true;

    /// <summary>
    /// Whether the cmdlet writes a result whatever fails, as with -Quiet. A terminating error would skip the `if` around the call, and
    /// a build step would continue as if it had passed.
    /// </summary>
    private protected virtual bool AlwaysReturns => false;

    /// <summary>Whether the settings decide a gate, so that an unknown key is an error: docs/decisions/settings-file.md.</summary>
    private protected virtual bool DecidesGate => AlwaysReturns;

    /// <summary>The target of errors whose exception names none: what the cmdlet is working on.</summary>
    private protected virtual object ErrorTarget => MyInvocation.MyCommand.Name;

    /// <summary>Whether a parameter was given, even if empty: an unset variable must not have the effect of an omitted parameter.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Whether nothing may be written, because of -WhatIf or $WhatIfPreference; also without a call of ShouldProcess.</summary>
    private protected bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given)
        ? given is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>Reads the nearest wms.yaml in a folder or its parents; null when there is none.</summary>
    /// <param name="location">The session's location. Read it on the pipeline's thread: a worker cannot.</param>
    /// <param name="warn">Called with each warning, such as an unknown key.</param>
    private protected SettingsFile? NearestSettings(string location, Action<string> warn) =>
        SettingsFile.ReadNearest(location, warn, DecidesGate);

    /// <summary>Runs work on a worker thread and writes what it posts. Its exception is a failure, see <see cref="Fail"/>.</summary>
    private protected void RunOnWorker(Action<PipelineWorker> work)
    {
        StartWorker(work);
        FinishWorker();
    }

    /// <summary>Starts work on a worker thread; <see cref="PumpWorker"/> and <see cref="FinishWorker"/> write what it posts.</summary>
    private protected PipelineWorker StartWorker(Action<PipelineWorker> work)
    {
        // The worker of an earlier record has ended. A stop that arrived in between found no worker, so it is repeated here.
        worker?.Dispose();
        worker = new PipelineWorker(this, work);
        Interlocked.MemoryBarrier();
        if (Stopping) worker.Stop();
        return worker;
    }

    /// <summary>Writes what the worker has posted so far.</summary>
    private protected void PumpWorker() => Pump(w => w.PumpPosted());

    /// <summary>Waits briefly for the worker to post something and writes it; throws the worker's exception once it has ended.</summary>
    private protected void AwaitWorker() => Pump(w => w.PumpOnce());

    /// <summary>Writes what the worker posts until it ends.</summary>
    private protected void FinishWorker() => Pump(w => w.PumpToEnd());

    private void Pump(Action<PipelineWorker> pump)
    {
        bool interrupted = true;
        try
        {
            pump(worker!);
            interrupted = false;
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (worker!.HasThrown(e))
        {
            // Any exception of the worker. Those of cmdlets further down the pipeline pass through here too and are left alone.
            Fail(WmsErrors.From(e, ErrorTarget));
        }
        finally
        {
            // After a stop, a satisfied Select-Object -First or an error under ErrorActionPreference Stop the work ends now, not when
            // the rest of the pipeline ends.
            if (interrupted) worker!.Dispose();
        }
    }

    /// <summary>Writes an error of the current record; terminates the cmdlet when nothing else can succeed.</summary>
    private protected void Fail(ErrorRecord error)
    {
        if (!AlwaysReturns && (FailureTerminates || error.Exception is RuntimeMissingException)) ThrowTerminatingError(error);
        WriteError(error);
    }
}
