using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>The batches of an epoch, prepared on other threads than the network's; their content depends on seed, epoch and photo alone.</summary>
internal sealed class BatchSource(TrainingOptions options, PlaneStore photos, int count, int batchSize)
{
    private readonly Augmentation augmentation = new(options);

    /// <summary>The batches in their order. Dispose each one after its step.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="setback">How often training has gone back: other random numbers each time.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    public IEnumerable<Batch> Epoch(int epoch, int setback, CancellationToken cancellation)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        var shuffle = new DeterministicRandom(options.Seed, epoch, setback, -1);
        shuffle.Shuffle<int>(order);
        return Prefetch.InOrder(order.Chunk(batchSize), options.AugmentationThreads, Prepare, cancellation);

        Batch Prepare(int[] members)
        {
            var batch = new Batch(members.Length, photos.Size);
            try
            {
                for (int i = 0; i < members.Length; i++)
                {
                    // Sixteen large photos are seconds of reading, which nobody who stops wants to wait for.
                    cancellation.ThrowIfCancellationRequested();
                    using var photo = photos.Get(members[i]);
                    augmentation.Apply(photo, photos, new DeterministicRandom(options.Seed, epoch, setback, members[i]), batch.Image(i), batch.Mask(i));
                }

                return batch;
            }
            catch
            {
                batch.Dispose();
                throw;
            }
        }
    }
}
