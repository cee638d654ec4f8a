using System.Diagnostics;

namespace WaterMeters.Ml.Training;

/// <summary>Where a training is among its stages, how fast it goes and how long it will take.</summary>
internal sealed class TrainingClock
{
    private const int StepsBeforeForecast = 10;

    private readonly IReadOnlyList<TrainingStage> stages;
    private readonly int photos;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly double totalWork;
    private long epochStarted;
    private int epochPhotos;
    private TrainingStage? current;
    private Pace all, ofStage;

    /// <summary>A clock for these stages over this many training photos.</summary>
    public TrainingClock(IReadOnlyList<TrainingStage> stages, int photos)
    {
        (this.stages, this.photos) = (stages, photos);
        TotalEpochs = stages.Sum(s => s.Epochs);
        TotalSteps = stages.Sum(s => (long)s.Epochs * StepsIn(s));
        totalWork = stages.Sum(s => s.Epochs * Work(s, photos));
    }

    /// <summary>Epochs of all stages.</summary>
    public int TotalEpochs { get; }

    /// <summary>Steps of all stages.</summary>
    public long TotalSteps { get; }

    /// <summary>Time since the training began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

    /// <summary>Time the last epoch's steps took, without its validation.</summary>
    public TimeSpan EpochTrainingTime { get; private set; }

    /// <summary>Whether the last step was the one from which on the pace of its stage is known.</summary>
    public bool PaceBecameKnown => ofStage.Steps == StepsBeforeForecast;

    /// <summary>The stage of an epoch, from 0.</summary>
    public TrainingStage StageOf(int epoch)
    {
        foreach (var stage in stages)
        {
            if (epoch < stage.Epochs) return stage;
            epoch -= stage.Epochs;
        }

        return stages[^1];
    }

    /// <summary>Whether an epoch, from 0, is the first of its stage.</summary>
    public bool StartsStage(int epoch) => epoch == 0 || !ReferenceEquals(StageOf(epoch), StageOf(epoch - 1));

    /// <summary>Steps of the stages before the one of an epoch, from 0.</summary>
    public long StepsBeforeStageOf(int epoch)
    {
        long steps = 0;
        foreach (var stage in stages)
        {
            if (epoch < stage.Epochs) break;
            (epoch, steps) = (epoch - stage.Epochs, steps + ((long)stage.Epochs * StepsIn(stage)));
        }

        return steps;
    }

    /// <summary>Whether an epoch, from 0, belongs to the last stage.</summary>
    public bool IsLastStage(int epoch) => ReferenceEquals(StageOf(epoch), stages[^1]);

    /// <summary>Part of the whole work that is done after some photos of an epoch, from 0: photos times their pixels.</summary>
    public double Done(int epoch, int photosOfEpoch)
    {
        double work = Work(StageOf(epoch), photosOfEpoch);
        foreach (var stage in stages)
        {
            int epochs = Math.Min(epoch, stage.Epochs);
            work += epochs * Work(stage, photos);
            epoch -= epochs;
        }

        return Math.Min(1, work / totalWork);
    }

    /// <summary>An epoch's first step begins.</summary>
    public void StartEpoch() => (epochStarted, epochPhotos) = (Stopwatch.GetTimestamp(), 0);

    /// <summary>An epoch's last step is done.</summary>
    public void EndTraining() => EpochTrainingTime = Stopwatch.GetElapsedTime(epochStarted);

    /// <summary>A step is done.</summary>
    public TrainingProgress Step(int epoch, int step, int batch, double loss)
    {
        var stage = StageOf(epoch);
        epochPhotos += batch;
        if (!ReferenceEquals(stage, current)) (current, ofStage) = (stage, default);
        double rate = epochPhotos / Stopwatch.GetElapsedTime(epochStarted).TotalSeconds, done = Done(epoch, epochPhotos);
        (all, ofStage) = (all.And(Work(stage, batch), batch / rate), ofStage.And(Work(stage, batch), batch / rate));

        // Small images take longer than their pixels say, so each stage has a pace of its own.
        var pace = ofStage.Steps < StepsBeforeForecast ? all : ofStage;
        TimeSpan? remaining = pace.Steps < StepsBeforeForecast ? null : TimeSpan.FromSeconds((1 - done) * totalWork * pace.Seconds / pace.Work);
        return new TrainingProgress(epoch + 1, TotalEpochs, step, StepsIn(stage), stage.Size, loss, rate, done, remaining);
    }

    /// <summary>The record of an epoch whose validation is done.</summary>
    public EpochRecord Epoch(TrainingState state, TrainingStage stage, double rate, double loss, EpochScores scores, bool best) => new()
    {
        Epoch = state.Epoch,
        Epochs = TotalEpochs,
        Size = stage.Size,
        BatchSize = stage.BatchSize,
        LearningRate = rate,
        TrainingLoss = loss,
        ValidationLoss = scores.Loss,
        ValidationDice = scores.Dice,
        ValidationIoU = scores.IoU,
        IsBest = best,
        PhotosPerSecond = photos / EpochTrainingTime.TotalSeconds,
        Duration = Stopwatch.GetElapsedTime(epochStarted),
    };

    private static double Work(TrainingStage stage, int photos) => (double)photos * stage.Size * stage.Size;

    private int StepsIn(TrainingStage stage) => (photos + stage.BatchSize - 1) / stage.BatchSize;

    private readonly record struct Pace(int Steps, double Work, double Seconds)
    {
        public Pace And(double work, double seconds) => new(Steps + 1, Work + work, Seconds + seconds);
    }
}
