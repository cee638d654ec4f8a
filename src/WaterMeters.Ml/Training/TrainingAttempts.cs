using System.Globalization;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Training;

/// <summary>
/// Several trainings that differ in their seeds alone, one after another. They are compared on the validation photos; the test photos are
/// opened once, for the best, so that its scores are those of a model that was not chosen by them.
/// </summary>
public static class TrainingAttempts
{
    private const string FolderStart = "attempt-";
    private const int Most = 1000;

    /// <summary>The folder of an attempt, from 1.</summary>
    public static string Folder(string outputPath, int attempt) => Path.Combine(outputPath, FolderStart + attempt.ToString(CultureInfo.InvariantCulture));

    /// <summary>The options that the attempts in a folder were begun with, their seed that of the first; null when none has a checkpoint.</summary>
    /// <exception cref="ModelException">A checkpoint is damaged.</exception>
    public static TrainingOptions? SettingsOf(string outputPath, int attempts)
    {
        for (int attempt = 1; attempt <= attempts; attempt++)
        {
            if (Trainer.SettingsOf(Folder(outputPath, attempt)) is { } found) return found with { Seed = found.Seed - (attempt - 1), OutputPath = outputPath };
        }

        return null;
    }

    /// <summary>Makes sure that a single training does not begin where attempts were interrupted.</summary>
    /// <exception cref="TrainingException">The folder holds attempts, and no single training.</exception>
    public static void DemandNone(string outputPath)
    {
        if (File.Exists(RunFolder.CheckpointIn(outputPath)) || !Directory.Exists(outputPath)) return;
        if (!Directory.EnumerateDirectories(outputPath, FolderStart + "*").Any(folder => File.Exists(RunFolder.CheckpointIn(folder)))) return;
        throw new TrainingException(outputPath, $"'{outputPath}' holds attempts and no single training, so -Resume finds nothing to go on with. Say how many there are to be with -Attempts, or name the folder of one of them.");
    }

    /// <summary>What the attempts will take, a line each, or one for all where they are alike; loads no native library and writes nothing.</summary>
    /// <param name="options">What the first is to do.</param>
    /// <param name="attempts">How many.</param>
    /// <param name="resume">Whether they go on where they have checkpoints.</param>
    /// <param name="force">Whether runs in their folders may be replaced, or gone on with otherwise.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <exception cref="TrainingException">A folder is taken, or the run in it was begun otherwise.</exception>
    public static IReadOnlyList<string> Forecast(TrainingOptions options, int attempts, bool resume, bool force, CancellationToken cancellation)
    {
        Check(options, attempts);
        var data = DatasetContents.Read(options.DataPath, options.SplitPath, cancellation);
        data.EnsureTrainable();
        DemandFree(options, attempts, resume || force);
        var forecasts = Enumerable.Range(1, attempts).Select(attempt => TrainingForecast.Read(OptionsFor(options, attempt), data, resume, force)).ToList();
        return forecasts.TrueForAll(f => f == forecasts[0])
            ? [$"{attempts} attempts, one after another, each: {forecasts[0]}"]
            : [.. forecasts.Select((forecast, i) => $"attempt {i + 1} of {attempts}: {forecast}")];
    }

    /// <summary>Trains the attempts, in the seeds' order, and tests the best.</summary>
    /// <param name="options">What the first is to do; each next one has the next seed and a folder of its own below the output folder.</param>
    /// <param name="attempts">How many.</param>
    /// <param name="resume">Whether each goes on from its last checkpoint where it has one; what is over is not trained again.</param>
    /// <param name="force">Whether runs in their folders may be replaced, or gone on with otherwise.</param>
    /// <param name="observer">Hears how it goes.</param>
    /// <param name="cancellation">Looked at between forward, backward and update; attempts that are over stay as they are.</param>
    /// <returns>The attempts in their order, those that failed too.</returns>
    /// <exception cref="TrainingException">As for <see cref="Trainer.Run"/> and <see cref="Trainer.Resume"/>, or every attempt failed.</exception>
    public static IReadOnlyList<TrainingResult> Run(TrainingOptions options, int attempts, bool resume, bool force, ITrainingObserver observer, CancellationToken cancellation)
    {
        Check(options, attempts);
        return Trainer.Alone(options, observer, cancellation, data =>
        {
            data.EnsureTrainable();
            data.CheckFiles(cancellation);
            DemandFree(options, attempts, resume || force);
            Directory.CreateDirectory(options.OutputPath);
            using var hold = RunFolder.Hold(options.OutputPath);
            var results = new TrainingResult[attempts];
            for (int attempt = 1; attempt <= attempts; attempt++)
            {
                observer.AttemptBegins(attempt, attempts);
                results[attempt - 1] = One(OptionsFor(options, attempt), data, resume, force, observer, cancellation) with { Attempt = attempt, Attempts = attempts, IsBest = false };
                NativeAllocator.Trim();
            }

            observer.AttemptBegins(0, attempts);
            int best = Best(results) ?? throw new TrainingException(options.OutputPath, $"None of the {attempts} attempts in '{options.OutputPath}' ended with a model. The first: {results[0].EndReason}");
            observer.Say(Chosen(results, best));
            observer.AttemptBegins(best + 1, attempts);
            results[best] = Tested(results[best], OptionsFor(options, best + 1), data, observer, cancellation) with { IsBest = true };
            observer.AttemptBegins(0, attempts);
            return results;
        });
    }

    /// <summary>The attempt with the highest validation Dice, then IoU, then the first, from 0; null when all failed.</summary>
    internal static int? Best(IReadOnlyList<TrainingResult> results) => results.Index()
        .Where(r => r.Item.StopReason != TrainingStop.Failed && double.IsFinite(r.Item.ValidationDice))
        .OrderByDescending(r => r.Item.ValidationDice).ThenByDescending(r => r.Item.ValidationIoU).ThenBy(r => r.Index)
        .Select(r => (int?)r.Index).FirstOrDefault();

    private static TrainingResult One(TrainingOptions options, DatasetContents data, bool resume, bool force, ITrainingObserver observer, CancellationToken cancellation)
    {
        string checkpoint = RunFolder.CheckpointIn(options.OutputPath);
        using var run = resume && File.Exists(checkpoint)
            ? TrainingRun.GoOn(options, data, Checkpoint.Read(checkpoint), force, observer, cancellation)
            : TrainingRun.Begin(options, data, force, observer, cancellation);
        return run.Attempt(cancellation);
    }

    /// <summary>Measures the model that was chosen on the test photos; only here they are opened.</summary>
    private static TrainingResult Tested(TrainingResult chosen, TrainingOptions options, DatasetContents data, ITrainingObserver observer, CancellationToken cancellation)
    {
        var last = Checkpoint.Read(chosen.CheckpointPath);
        using var folder = new RunFolder(chosen.OutputPath, last.State.Epochs);
        var known = TrainingScores.None with { ValidationDice = chosen.ValidationDice, ValidationIoU = chosen.ValidationIoU };
        var scores = new FinalScores(options with { Device = chosen.Device }, data, folder, observer).Test(last, known, cancellation);
        return chosen with { TestPhotos = scores.TestPhotos, TestDice = scores.TestDice, TestIoU = scores.TestIoU, TestHausdorff = scores.TestHausdorff };
    }

    private static string Chosen(TrainingResult[] results, int best)
    {
        var others = results.Where((_, i) => i != best).Select(r => r.StopReason == TrainingStop.Failed ? $"attempt {r.Attempt} failed" : $"attempt {r.Attempt} {Dice(r)}");
        return $"attempt {best + 1} of {results.Length} is the best on the validation photos: Dice {Dice(results[best])} ({string.Join(", ", others)}); it alone is measured on the test photos";

        static string Dice(TrainingResult result) => result.ValidationDice.ToString("0.0000", CultureInfo.InvariantCulture);
    }

    private static TrainingOptions OptionsFor(TrainingOptions options, int attempt) =>
        options with { OutputPath = Folder(options.OutputPath, attempt), Seed = options.Seed + attempt - 1 };

    private static void Check(TrainingOptions options, int attempts)
    {
        if (attempts is < 2 or > Most) throw new SettingsException("Attempts", FormattableString.Invariant($"Attempts is {attempts}; give a number between 1 and {Most}."));
        if (options.Seed > int.MaxValue - attempts) throw new SettingsException("Seed", FormattableString.Invariant($"Seed is {options.Seed}, and each of the {attempts} attempts counts one on. Give a lower one."));
    }

    /// <summary>Asked of all before the first begins, so that the last one does not fail after hours.</summary>
    private static void DemandFree(TrainingOptions options, int attempts, bool takesRuns)
    {
        string single = options.OutputPath;
        if (File.Exists(RunFolder.CheckpointIn(single)))
        {
            throw new TrainingException(single, $"'{single}' holds a single training. Name another -OutputPath for the attempts, or leave -Attempts out to go on with it.");
        }

        for (int attempt = 1; attempt <= attempts && !takesRuns; attempt++) RunFolder.DemandFree(Folder(single, attempt));
    }
}
