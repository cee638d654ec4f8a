namespace WaterMeters.Ml.Training;

/// <summary>
/// How the photos of an epoch are divided into batches. BatchNorm needs two values of each channel to estimate a variance: at 16 px the
/// innermost features of a photo are a single value, so that a batch of one photo there has none, and its step would ruin the weights.
/// </summary>
internal static class BatchPlan
{
    private const int SingleValueSize = 16;

    /// <summary>Counts the steps of an epoch.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="photos">The number of training photos.</param>
    public static int Steps(TrainingStage stage, int photos) =>
        ((photos + stage.BatchSize - 1) / stage.BatchSize) - (LastJoins(stage.Size, stage.BatchSize, photos) ? 1 : 0);

    /// <summary>Divides photos into batches; a last photo that BatchNorm cannot use alone joins the batch before it.</summary>
    /// <param name="order">The photos.</param>
    /// <param name="size">The image size, pixels.</param>
    /// <param name="batchSize">The photos of a batch.</param>
    public static IEnumerable<int[]> Divide(int[] order, int size, int batchSize)
    {
        if (!LastJoins(size, batchSize, order.Length)) return order.Chunk(batchSize);
        int last = order.Length - batchSize - 1;
        return order[..last].Chunk(batchSize).Append(order[last..]);
    }

    /// <summary>Checks that BatchNorm can use every batch.</summary>
    /// <exception cref="SettingsException">A stage has batches of one photo at an image size where that is impossible.</exception>
    public static void Check(IEnumerable<TrainingStage> stages, int photos)
    {
        if (stages.FirstOrDefault(s => s.Size == SingleValueSize && (s.BatchSize == 1 || photos == 1)) is not { } stage) return;
        throw new SettingsException(
            "Stage",
            $"Stage {stage} would train on single photos of {SingleValueSize} px, of which BatchNorm cannot compute a variance. Use "
            + (photos == 1 ? "more photos, or images of at least 32 px." : "batches of at least 2 photos, or images of at least 32 px."));
    }

    private static bool LastJoins(int size, int batchSize, int photos) =>
        size == SingleValueSize && batchSize > 1 && photos > batchSize && photos % batchSize == 1;
}
