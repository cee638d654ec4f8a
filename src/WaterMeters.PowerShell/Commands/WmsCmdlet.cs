using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Settings;
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

    /// <summary>
    /// Whether failed work ends the pipeline. Where each record piped in is a piece of work of its own it does not: one bad
    /// model or data set must not cost the others.
    /// </summary>
    private protected virtual bool FailureIsFinal => true;

    /// <summary>
    /// Whether an answer is given whatever fails, as with -Quiet: a terminating error would skip the `if` that asks, and a
    /// build step would go on as if all were well.
    /// </summary>
    private protected virtual bool AlwaysAnswers => false;

    /// <summary>Whether a parameter was given. Given and empty, as by a variable that is not set, must not mean what not given means.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>What the cmdlet works on: the target of an error whose exception says nothing of one.</summary>
    private protected virtual object WorksOn => MyInvocation.MyCommand.Name;

    /// <summary>Whether nothing is to be written, by -WhatIf or by the preference: not even what nobody is asked about.</summary>
    private protected bool IsTrial => MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given)
        ? given is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>The nearest wms.yaml, in a folder or above it; null when there is none.</summary>
    /// <param name="location">The session's location; a worker's thread does not ask for it.</param>
    /// <param name="warn">Hears of keys that nobody knows.</param>
    private protected static SettingsFile? NearestSettings(string location, Action<string> warn) => SettingsFile.Nearest(location) is { } path ? SettingsFile.Read(path, warn) : null;

    /// <summary>The absolute file-system path of a parameter that names one file or folder, which need not be there; none is the end of the cmdlet.</summary>
    private protected string Absolute(string path)
    {
        if (!TryAbsolute(path, out string absolute, out var error)) ThrowTerminatingError(error);
        return absolute;
    }

    /// <summary>The absolute file-system path of a file or folder, which need not be there; false when the path leads out of the file system.</summary>
    private protected bool TryAbsolute(string path, out string absolute, [NotNullWhen(false)] out ErrorRecord? error)
    {
        (absolute, error) = (path, null);
        if (string.IsNullOrEmpty(path))
        {
            error = WmsErrors.NothingAt("");
            return false;
        }

        try
        {
            // Without the separator that Tab or a habit put at its end: what is written beside a folder takes its name and a suffix.
            absolute = System.IO.Path.TrimEndingDirectorySeparator(SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _));
            if (provider.Name != "FileSystem" || absolute.Contains('\0', StringComparison.Ordinal)) error = WmsErrors.NotAFile(path);
        }
        catch (SessionStateException e)
        {
            // A drive or a provider that is not there: the network drive of another session, mostly.
            error = WmsErrors.NoDrive(path, e);
        }

        return error is null;
    }

    /// <summary>The files and folders that a path with wildcards matches; none is an error that does not end the pipeline.</summary>
    private protected IReadOnlyList<string> Matches(string path)
    {
        if (string.IsNullOrEmpty(path))
        {
            WriteError(WmsErrors.NothingAt(""));
            return [];
        }

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
        catch (SessionStateException e)
        {
            WriteError(WmsErrors.NoDrive(path, e));
            return [];
        }
        catch (WildcardPatternException)
        {
            // An opening bracket alone is no pattern; below it says to use -LiteralPath.
        }

        WriteError(WmsErrors.NothingAt(path));
        return [];
    }

    /// <summary>
    /// The file that -Model names; with nothing given, the nearest models/production.* from the session's location upward.
    /// None is a failure, see <see cref="Fail"/>; false then.
    /// </summary>
    private protected bool TryModelPath(string? argument, out string path)
    {
        path = "";
        if (argument is null)
        {
            string location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
            path = ModelFile.Nearest(location) ?? "";
            if (path.Length == 0) Fail(WmsErrors.NoModel(location));
        }
        else if (RegistryName.Matches(argument) && !(TryAbsolute(argument, out path, out _) && System.IO.Path.Exists(path)))
        {
            Fail(WmsErrors.NoRegistry(argument));
            path = "";
        }
        else if (!TryAbsolute(argument, out path, out var error))
        {
            Fail(error);
            path = "";
        }
        else if (!System.IO.Path.Exists(path))
        {
            Fail(WmsErrors.NotAModel(argument, path));
            path = "";
        }

        return path.Length > 0;
    }

    /// <summary>Runs work on a thread of its own while this one writes what it posts; what it throws ends the cmdlet.</summary>
    private protected void RunOnWorker(Action<PipelineWorker> work)
    {
        StartWorker(work);
        FinishWorker();
    }

    /// <summary>Starts the work; <see cref="PumpWorker"/> and <see cref="FinishWorker"/> write what it posts.</summary>
    private protected PipelineWorker StartWorker(Action<PipelineWorker> work)
    {
        // The one of an earlier record is over. A stop that came between the two finds no worker to stop, so it is asked for again.
        worker?.Dispose();
        worker = new PipelineWorker(this, work);
        Interlocked.MemoryBarrier();
        if (Stopping) worker.Stop();
        return worker;
    }

    /// <summary>Writes what the worker has posted so far.</summary>
    private protected void PumpWorker() => Guarded(w => w.PumpPosted());

    /// <summary>Waits a little for something the worker posts, and writes it; throws what the worker threw when it has ended.</summary>
    private protected void AwaitWorker() => Guarded(w => w.PumpOnce());

    /// <summary>Writes what the worker posts until it ends.</summary>
    private protected void FinishWorker() => Guarded(w => w.PumpToEnd());

    private void Guarded(Action<PipelineWorker> pump)
    {
        bool left = true;
        try
        {
            pump(worker!);
            left = false;
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (worker!.HasThrown(e))
        {
            // Whatever it is. What a cmdlet behind this one throws comes through here too, and is not ours to name.
            Fail(WmsErrors.From(e, WorksOn));
        }
        finally
        {
            // A stop, a cmdlet behind that has enough, an error under ErrorActionPreference Stop: the work ends here and now, not when
            // the rest of the pipeline has ended too.
            if (left) worker!.Dispose();
        }
    }

    /// <summary>Says that the work of this record failed, and ends the cmdlet when nothing else can succeed either.</summary>
    private protected void Fail(ErrorRecord error)
    {
        if (!AlwaysAnswers && (FailureIsFinal || error.Exception is RuntimeMissingException)) ThrowTerminatingError(error);
        WriteError(error);
    }
}
