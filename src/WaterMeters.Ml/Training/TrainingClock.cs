using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>Position of a training among its stages, its pace, and the time it will take.</summary>
internal sealed class TrainingClock
{
    private const int StepsBeforeEstimate = 10;

    private readonly IReadOnlyList<TrainingStage> stages;
    private readonly int photos;
    private readonly TimeSpan started = AwakeClock.Now;
    private readonly double totalWork;
    private TimeSpan epochStarted;
    private int epochPhotos;
    private TrainingStage? current;
    private Pace all, ofStage;

    /// <summary>Starts a clock for these stages over this many training photos.</summary>
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

    /// <summary>Time since the training started, without the time asleep.</summary>
    public TimeSpan Elapsed => AwakeClock.Now - started;

    /// <summary>Duration of the last epoch's steps, without its validation.</summary>
    public TimeSpan EpochTrainingTime { get; private set; }

    /// <summary>Time since the first step of the epoch started.</summary>
    public TimeSpan EpochElapsed => AwakeClock.Now - epochStarted;

    /// <summary>Whether the pace of the stage is known since the last step.</summary>
    public bool PaceBecameKnown => ofStage.Steps == StepsBeforeEstimate;

    /// <summary>Returns the stage of an epoch, from 0.</summary>
    public TrainingStage StageOf(int epoch)
    {
        foreach (var stage in stages)
        {
            if (epoch < stage.Epochs) return stage;
            epoch -= stage.Epochs;
        }

        return stages[^1];
    }

    /// <summary>Returns whether an epoch, from 0, is the first of its stage.</summary>
    public bool StartsStage(int epoch) => epoch == 0 || !ReferenceEquals(StageOf(epoch), StageOf(epoch - 1));

    /// <summary>Counts the steps of the stages before the stage of an epoch, from 0.</summary>
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

    /// <summary>Returns whether an epoch, from 0, belongs to the last stage.</summary>
    public bool IsLastStage(int epoch) => ReferenceEquals(StageOf(epoch), stages[^1]);

    /// <summary>Returns the fraction of all work (photos times pixels) done after some photos of an epoch, from 0.</summary>
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

    /// <summary>Called before the first step of an epoch.</summary>
    public void StartEpoch() => (epochStarted, epochPhotos) = (AwakeClock.Now, 0);

    /// <summary>Called after the last step of an epoch.</summary>
    public void EndSteps() => EpochTrainingTime = AwakeClock.Now - epochStarted;

    /// <summary>Records a step, and returns the progress after it.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="step">Step of the epoch, from 1.</param>
    /// <param name="batch">Photos of the step.</param>
    /// <param name="loss">Loss of the step.</param>
    public TrainingProgress EndStep(int epoch, int step, int batch, double loss)
    {
        var stage = StageOf(epoch);
        epochPhotos += batch;
        if (!ReferenceEquals(stage, current)) (current, ofStage) = (stage, default);
        double rate = epochPhotos / EpochElapsed.TotalSeconds, done = Done(epoch, epochPhotos);
        (all, ofStage) = (all.Add(Work(stage, batch), batch / rate), ofStage.Add(Work(stage, batch), batch / rate));

        // Small images take longer than their pixel count suggests, so each stage has its own pace.
        var pace = ofStage.Steps < StepsBeforeEstimate ? all : ofStage;
        TimeSpan? remaining = pace.Steps < StepsBeforeEstimate
            ? null
            : TimeSpan.FromSeconds((1 - done) * totalWork * pace.Seconds / pace.Work);
        return new TrainingProgress(epoch + 1, TotalEpochs, step, StepsIn(stage), stage.Size, loss, rate, done, remaining);
    }

    private static double Work(TrainingStage stage, int photos) => (double)photos * stage.Size * stage.Size;

    private int StepsIn(TrainingStage stage) => BatchPlan.Steps(stage, photos);

    private readonly record struct Pace(int Steps, double Work, double Seconds)
    {
        public Pace Add(double work, double seconds) => new(Steps + 1, Work + work, Seconds + seconds);
    }
}
