using System.Globalization;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Training;

/// <summary>
/// Several trainings with different seeds, one after another. They are compared on the validation photos; only the best is measured on
/// the test photos, so that its test scores are those of a model that was not chosen by them.
/// </summary>
public static class TrainingAttempts
{
    private const string FolderPrefix = "attempt-";
    private const int MaxAttempts = 1000;

    /// <summary>Returns the folder of an attempt, from 1.</summary>
    public static string Folder(string outputPath, int attempt) =>
        Path.Combine(outputPath, FolderPrefix + attempt.ToString(CultureInfo.InvariantCulture));

    /// <summary>Returns whether a run, or an attempt from 1 of a run with several, has a checkpoint to resume from.</summary>
    public static bool HasCheckpoint(string outputPath, int? attempt = null) =>
        File.Exists(RunFolder.CheckpointIn(attempt is { } number ? Folder(outputPath, number) : outputPath));

    /// <summary>
    /// Reads the options that the attempts in a folder started with, with the seed of the first; null when none has a checkpoint.
    /// </summary>
    /// <exception cref="ModelException">A checkpoint is damaged.</exception>
    public static TrainingOptions? ReadOptions(string outputPath, int attempts)
    {
        for (int attempt = 1; attempt <= attempts; attempt++)
        {
            if (ResumableRun.Open(Folder(outputPath, attempt)) is not { Options: var found }) continue;
            return found with { Seed = found.Seed - (attempt - 1), OutputPath = outputPath };
        }

        return null;
    }

    /// <summary>Ensures that a single training does not start where attempts were interrupted.</summary>
    /// <exception cref="TrainingException">The folder holds attempts, and no single training.</exception>
    public static void EnsureNone(string outputPath)
    {
        if (File.Exists(RunFolder.CheckpointIn(outputPath)) || !Directory.Exists(outputPath)) return;
        var folders = Directory.EnumerateDirectories(outputPath, FolderPrefix + "*");
        if (!folders.Any(folder => File.Exists(RunFolder.CheckpointIn(folder)))) return;
        throw new TrainingException(
            outputPath,
            $"Cannot resume '{outputPath}': it holds several attempts, not a single training. " +
            "Add -Attempts, or choose the folder of one attempt as -OutputPath.");
    }

    /// <summary>
    /// Estimates the attempts: one line each, or one for all when they are alike. Loads no native library and writes nothing.
    /// </summary>
    /// <param name="options">The settings of the first attempt.</param>
    /// <param name="attempts">Number of attempts.</param>
    /// <param name="resume">Whether they resume where they have checkpoints.</param>
    /// <param name="force">Whether runs in their folders may be replaced, or resumed with changes.</param>
    /// <param name="cancellation">Checked between two files.</param>
    /// <exception cref="TrainingException">A folder holds a run, or one that has changes.</exception>
    public static IReadOnlyList<string> Forecast(
        TrainingOptions options, int attempts, bool resume, bool force, CancellationToken cancellation)
    {
        Check(options, attempts);
        var data = DatasetContents.Read(options.DataPath, options.SplitPath, cancellation);
        data.EnsureTrainable();
        EnsureFree(options, attempts, resume || force);
        var forecasts = Enumerable.Range(1, attempts).Select(attempt =>
        {
            var own = OptionsFor(options, attempt);
            return TrainingForecast.Read(own, data, resume ? ResumableRun.Open(own.OutputPath) : null, force);
        }).ToList();
        return forecasts.TrueForAll(f => f == forecasts[0])
            ? [$"{attempts} attempts, one after another, each: {forecasts[0]}"]
            : [.. forecasts.Select((forecast, i) => $"attempt {i + 1} of {attempts}: {forecast}")];
    }

    /// <summary>Trains the attempts, in the order of their seeds, and tests the best.</summary>
    /// <param name="options">The settings of the first; each later one has the next seed and its own folder in the output folder.</param>
    /// <param name="attempts">Number of attempts.</param>
    /// <param name="resume">Whether each resumes from its checkpoint, if it has one; a finished one is only measured again.</param>
    /// <param name="force">Whether runs in their folders may be replaced, or resumed with changes.</param>
    /// <param name="observer">Receives progress and messages.</param>
    /// <param name="cancellation">Checked between forward, backward and update; finished attempts are kept.</param>
    /// <returns>All attempts in their order, failed ones included.</returns>
    /// <exception cref="TrainingException">
    /// As for <see cref="Trainer.Run"/> and <see cref="Trainer.Resume"/>, or every attempt failed.
    /// </exception>
    public static IReadOnlyList<TrainingResult> Run(
        TrainingOptions options, int attempts, bool resume, bool force, ITrainingObserver observer, CancellationToken cancellation)
    {
        Check(options, attempts);
        return Trainer.RunExclusively(options, observer, RunAll, cancellation);

        IReadOnlyList<TrainingResult> RunAll(DatasetContents data)
        {
            data.EnsureTrainable();
            data.CheckFiles(cancellation);
            EnsureFree(options, attempts, resume || force);
            Directory.CreateDirectory(options.OutputPath);
            using var folderLock = RunFolder.Lock(options.OutputPath);
            var results = new TrainingResult[attempts];
            for (int attempt = 1; attempt <= attempts; attempt++)
            {
                observer.AttemptStarted(attempt, attempts);
                var result = RunOne(OptionsFor(options, attempt), data, resume, force, observer, cancellation);
                results[attempt - 1] = result with { Attempt = attempt, Attempts = attempts, IsBest = false };
                NativeAllocator.Trim();
            }

            observer.AttemptStarted(0, attempts);
            int best = Best(results) ?? throw new TrainingException(
                options.OutputPath,
                $"None of the {attempts} attempts in '{options.OutputPath}' produced a model. The first: {results[0].EndReason}");
            observer.Information(DescribeChoice(results, best));
            observer.AttemptStarted(best + 1, attempts);
            var tested = WithTestScores(results[best], OptionsFor(options, best + 1), data, observer, cancellation);
            results[best] = tested with { IsBest = true };
            observer.AttemptStarted(0, attempts);
            return results;
        }
    }

    /// <summary>
    /// Returns the index of the attempt with the highest validation Dice, then IoU, then the earliest; null when all failed.
    /// </summary>
    internal static int? Best(IReadOnlyList<TrainingResult> results) => results.Index()
        .Where(r => r.Item.StopReason != TrainingStop.Failed && r.Item.ValidationDice is { } dice && double.IsFinite(dice))
        .OrderByDescending(r => r.Item.ValidationDice).ThenByDescending(r => r.Item.ValidationIoU).ThenBy(r => r.Index)
        .Select(r => (int?)r.Index).FirstOrDefault();

    private static TrainingResult RunOne(
        TrainingOptions options, DatasetContents data, bool resume, bool force, ITrainingObserver observer, CancellationToken cancellation)
    {
        using var loop = resume && ResumableRun.Open(options.OutputPath) is { } run
            ? TrainingLoop.Resume(options, data, run.Checkpoint, force, observer, cancellation)
            : TrainingLoop.Start(options, data, force, observer, cancellation);
        return loop.RunAttempt(cancellation);
    }

    /// <summary>Measures the chosen model on the test photos; nothing else reads them.</summary>
    private static TrainingResult WithTestScores(
        TrainingResult chosen, TrainingOptions options, DatasetContents data, ITrainingObserver observer, CancellationToken cancellation)
    {
        var last = Checkpoint.Read(chosen.CheckpointPath);
        using var folder = new RunFolder(chosen.OutputPath, last.State.Epochs);
        var known = TrainingScores.None with
        {
            ValidationDice = chosen.ValidationDice ?? double.NaN,
            ValidationIoU = chosen.ValidationIoU ?? double.NaN,
        };
        var evaluation = new FinalEvaluation(options with { Device = chosen.Device }, data, folder, observer);
        var scores = evaluation.MeasureTest(last, known, cancellation);
        return chosen with
        {
            TestPhotos = scores.TestPhotos,
            TestDice = TrainingScores.Known(scores.TestDice),
            TestIoU = TrainingScores.Known(scores.TestIoU),
            TestHausdorff = TrainingScores.Known(scores.TestHausdorff),
        };
    }

    private static string DescribeChoice(TrainingResult[] results, int best)
    {
        var others = results.Where((_, i) => i != best).Select(
            r => r.StopReason == TrainingStop.Failed ? $"attempt {r.Attempt} failed" : $"attempt {r.Attempt} {Dice(r)}");
        return $"attempt {best + 1} of {results.Length} is the best on the validation photos: Dice {Dice(results[best])} " +
            $"({string.Join(", ", others)}); only this one is measured on the test photos";

        static string Dice(TrainingResult result) => string.Create(CultureInfo.InvariantCulture, $"{result.ValidationDice:0.0000}");
    }

    private static TrainingOptions OptionsFor(TrainingOptions options, int attempt) =>
        options with { OutputPath = Folder(options.OutputPath, attempt), Seed = options.Seed + attempt - 1 };

    private static void Check(TrainingOptions options, int attempts)
    {
        if (attempts is < 2 or > MaxAttempts)
        {
            throw new SettingsException(
                "Attempts", FormattableString.Invariant($"Attempts is {attempts}. Use a number from 1 to {MaxAttempts}."));
        }

        if (options.Seed > int.MaxValue - attempts)
        {
            throw new SettingsException(
                "Seed",
                FormattableString.Invariant(
                    $"Seed is {options.Seed}, too large for {attempts} attempts, which add one each. Use a smaller -Seed."));
        }
    }

    /// <summary>Checks the folders of all attempts before the first starts, so that the last one does not fail after hours.</summary>
    private static void EnsureFree(TrainingOptions options, int attempts, bool mayHoldRuns)
    {
        string folder = options.OutputPath;
        if (File.Exists(RunFolder.CheckpointIn(folder)))
        {
            throw new TrainingException(
                folder,
                $"'{folder}' holds a single training. Choose another -OutputPath for the attempts, or omit -Attempts to resume it.");
        }

        for (int attempt = 1; attempt <= attempts && !mayHoldRuns; attempt++) RunFolder.EnsureFree(Folder(folder, attempt));
    }
}
