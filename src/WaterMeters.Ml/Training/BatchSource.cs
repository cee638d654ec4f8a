using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>Prepares the batches of an epoch on worker threads; their content depends only on seed, epoch and photo.</summary>
internal sealed class BatchSource(TrainingOptions options, PlaneStore photos, int count, int batchSize)
{
    private readonly Augmentation augmentation = new(options);

    /// <summary>Returns the batches in their order. Dispose each one after its step.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="setbacks">Number of setbacks so far: each gives other random numbers.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    public IEnumerable<Batch> Epoch(int epoch, int setbacks, CancellationToken cancellation)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        var shuffle = new DeterministicRandom(options.Seed, epoch, setbacks, -1);
        shuffle.Shuffle<int>(order);
        return Prefetch.InOrder(BatchPlan.Divide(order, photos.Size, batchSize), options.AugmentationThreads, Prepare, cancellation);

        Batch Prepare(int[] members)
        {
            var batch = new Batch(members.Length, photos.Size);
            try
            {
                for (int i = 0; i < members.Length; i++)
                {
                    // Reading sixteen large photos takes seconds; cancellation must not wait for them.
                    cancellation.ThrowIfCancellationRequested();
                    using var photo = photos.Get(members[i]);
                    var random = new DeterministicRandom(options.Seed, epoch, setbacks, members[i]);
                    augmentation.Apply(photo, photos, random, batch.Image(i), batch.Mask(i));
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
