using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Training;

/// <summary>Trains models, one at a time in a process: libtorch has one seed, one thread count and one allocator.</summary>
public static class Trainer
{
    private static int running;

    /// <summary>Trains a model from its first step.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="replace">Whether a run in the output folder may be replaced.</param>
    /// <param name="observer">Receives progress and messages.</param>
    /// <param name="cancellation">Checked between forward, backward and update.</param>
    /// <exception cref="TrainingRunningException">Another training runs in this process, or writes into the folder.</exception>
    /// <exception cref="TrainingException">
    /// The output folder holds a run or cannot be written, or the loss is not finite twice.
    /// </exception>
    public static TrainingResult Run(
        TrainingOptions options, bool replace, ITrainingObserver observer, CancellationToken cancellation) =>
        RunExclusively(
            options,
            observer,
            data =>
            {
                using var loop = TrainingLoop.Start(options, data, replace, observer, cancellation);
                return loop.Run(includeTest: true, cancellation);
            },
            cancellation);

    /// <summary>
    /// Resumes a training from its checkpoint; on one machine with one thread count its numbers are those of an uninterrupted one.
    /// A finished training is only measured again.
    /// </summary>
    /// <param name="run">The run to resume.</param>
    /// <param name="options">Its <see cref="ResumableRun.Options"/>, with any changes.</param>
    /// <param name="allowChanges">Whether settings, photos and split may differ from those the run started with.</param>
    /// <param name="observer">Receives progress and messages.</param>
    /// <param name="cancellation">Checked between forward, backward and update.</param>
    /// <exception cref="TrainingException">
    /// As for <see cref="Run"/>; or there are changes that are not allowed, and the message lists them.
    /// </exception>
    public static TrainingResult Resume(
        ResumableRun run, TrainingOptions options, bool allowChanges, ITrainingObserver observer, CancellationToken cancellation) =>
        RunExclusively(
            options,
            observer,
            data =>
            {
                using var loop = TrainingLoop.Resume(options, data, run.Refresh().Checkpoint, allowChanges, observer, cancellation);
                return loop.Run(includeTest: true, cancellation);
            },
            cancellation);

    /// <summary>Runs work that trains on a data set, while no other training runs in this process.</summary>
    /// <exception cref="TrainingRunningException">Another training runs in this process.</exception>
    internal static T RunExclusively<T>(
        TrainingOptions options, ITrainingObserver observer, Func<DatasetContents, T> work, CancellationToken cancellation)
    {
        options.Check();
        if (Interlocked.Exchange(ref running, 1) != 0)
        {
            throw new TrainingRunningException(
                options.OutputPath,
                $"Cannot start a training in '{options.OutputPath}': a training is running in this process already. " +
                "Wait until it ends, or start this one in its own process with Start-Job.");
        }

        try
        {
            using var awake = SleepInhibitor.Start();
            observer.Verbose("Loading libtorch.");
            TorchRuntime.EnsureLoaded();
            observer.Verbose($"Reading the data set '{options.DataPath}'.");
            var data = DatasetContents.Read(options.DataPath, options.SplitPath, cancellation);
            foreach (string warning in data.Warnings) observer.Warn(warning);
            return work(data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(
                options.OutputPath,
                $"Training in '{options.OutputPath}' failed: {e.Sentence()} " +
                "Free disk space or check permissions, then use -Resume, or choose another -OutputPath.",
                e);
        }
        finally
        {
            NativeAllocator.Trim();
            Volatile.Write(ref running, 0);
        }
    }
}
