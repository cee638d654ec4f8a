using System.Diagnostics;

namespace WaterMeters.Ml.Inference;

/// <summary>Counts the outcomes of a batch of predictions. Not thread-safe.</summary>
public sealed class PredictionTally
{
    private readonly long started = Stopwatch.GetTimestamp();
    private int found, notFound, severalRegions, failed, skipped;
    private double confidence;

    /// <summary>Number of outcomes so far.</summary>
    public int Outcomes => found + notFound + failed + skipped;

    /// <summary>Adds an outcome.</summary>
    public void Add(PhotoOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (outcome.Failure is MaskExistsException)
        {
            skipped++;
        }
        else if (outcome.Failure is not null)
        {
            failed++;
        }
        else if (outcome.Prediction is not { } prediction)
        {
            skipped++;
        }
        else if (prediction.Regions == 0)
        {
            notFound++;
        }
        else
        {
            found++;
            confidence += prediction.Confidence ?? 0;
            if (prediction.Regions > 1) severalRegions++;
        }
    }

    /// <summary>Returns the counts, with the time since this object was created.</summary>
    public PredictionBatch Summarize()
    {
        var time = Stopwatch.GetElapsedTime(started);
        int photos = found + notFound;
        return new PredictionBatch
        {
            Photos = photos,
            Found = found,
            NotFound = notFound,
            SeveralRegions = severalRegions,
            Failed = failed,
            Skipped = skipped,
            MeanConfidence = found > 0 ? confidence / found : null,
            PhotosPerSecond = photos > 0 ? photos / time.TotalSeconds : null,
            Duration = time,
        };
    }
}
