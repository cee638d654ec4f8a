using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Training;

/// <summary>Trains models, one at a time in a process: libtorch has one seed, one thread count and one allocator.</summary>
public static class Trainer
{
    private static int running;

    /// <summary>Trains a model from its first step.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="replace">Whether a run in the output folder may be replaced.</param>
    /// <param name="observer">Hears how it goes.</param>
    /// <param name="cancellation">Looked at between forward, backward and update.</param>
    /// <exception cref="TrainingRunningException">Another training runs in this process.</exception>
    /// <exception cref="TrainingException">The output folder is taken or cannot be written, or the loss is not finite twice.</exception>
    public static TrainingResult Run(TrainingOptions options, bool replace, ITrainingObserver observer, CancellationToken cancellation) =>
        Alone(options, observer, cancellation, data =>
        {
            using var run = TrainingRun.Begin(options, data, replace, observer, cancellation);
            return run.ToEnd(test: true, cancellation);
        });

    /// <summary>
    /// Goes on with a training from its last checkpoint; on one machine with one thread count its numbers are those of an
    /// unbroken one. A training that was over is measured again.
    /// </summary>
    /// <param name="options">What to do: <see cref="SettingsOf"/>, and what is to be otherwise.</param>
    /// <param name="otherwise">Whether it may go on with other settings, photos or another split than it was begun with.</param>
    /// <param name="observer">Hears how it goes.</param>
    /// <param name="cancellation">Looked at between forward, backward and update.</param>
    /// <exception cref="TrainingException">As for <see cref="Run"/>; or something is otherwise that may not be, and the message names it.</exception>
    /// <exception cref="ModelException">The checkpoint is not there, or damaged.</exception>
    public static TrainingResult Resume(TrainingOptions options, bool otherwise, ITrainingObserver observer, CancellationToken cancellation) =>
        Alone(options, observer, cancellation, data =>
        {
            using var run = TrainingRun.GoOn(options, data, Checkpoint.Read(RunFolder.CheckpointIn(options.OutputPath)), otherwise, observer, cancellation);
            return run.ToEnd(test: true, cancellation);
        });

    /// <summary>The options that the run in a folder was begun with, stages, precision and device chosen; null when it has no checkpoint.</summary>
    /// <exception cref="ModelException">The checkpoint is damaged.</exception>
    public static TrainingOptions? SettingsOf(string outputPath)
    {
        string path = RunFolder.CheckpointIn(outputPath);
        return File.Exists(path) ? Checkpoint.Read(path).State.Options : null;
    }

    /// <summary>Does what trains on a data set while no other training does anything in this process.</summary>
    internal static T Alone<T>(TrainingOptions options, ITrainingObserver observer, CancellationToken cancellation, Func<DatasetContents, T> work)
    {
        options.Check();
        if (Interlocked.Exchange(ref running, 1) != 0)
        {
            throw new TrainingRunningException(options.OutputPath, $"A training is running in this process already, so none was started in '{options.OutputPath}'. Wait for it, or start this one in a process of its own with Start-Job.");
        }

        try
        {
            observer.Detail("Loading libtorch.");
            TorchRuntime.EnsureLoaded();
            observer.Detail($"Reading the data set '{options.DataPath}'.");
            var data = DatasetContents.Read(options.DataPath, options.SplitPath, cancellation);
            foreach (string warning in data.Warnings) observer.Warn(warning);
            return work(data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(options.OutputPath, $"The training in '{options.OutputPath}' cannot go on: {e.Sentence()} Make room or mend the permissions, then go on with -Resume, or name another -OutputPath.", e);
        }
        finally
        {
            NativeAllocator.Trim();
            Volatile.Write(ref running, 0);
        }
    }
}
