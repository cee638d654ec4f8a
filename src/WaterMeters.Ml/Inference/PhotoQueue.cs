using System.Collections.Concurrent;

namespace WaterMeters.Ml.Inference;

/// <summary>A bounded queue of photos: one thread adds them, another predicts.</summary>
public sealed class PhotoQueue : IDisposable
{
    private readonly BlockingCollection<string> paths;

    /// <summary>Creates an empty queue.</summary>
    public PhotoQueue() : this(64)
    {
    }

    private PhotoQueue(int capacity) => paths = new(capacity);

    /// <summary>Creates a queue of these photos, complete.</summary>
    public static PhotoQueue Create(params IReadOnlyList<string> photos)
    {
        var queue = new PhotoQueue(Math.Max(1, photos.Count));
        foreach (string photo in photos) queue.paths.Add(photo);
        queue.paths.CompleteAdding();
        return queue;
    }

    /// <summary>Adds a photo unless the queue is full.</summary>
    public bool TryAdd(string path) => paths.TryAdd(path);

    /// <summary>Marks the queue as complete: no more photos are added.</summary>
    public void Complete() => paths.CompleteAdding();

    /// <summary>Takes the next photo.</summary>
    /// <param name="wait">Whether to wait while the queue is empty.</param>
    /// <param name="path">The photo, or null when the queue is empty.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>False when the queue is complete and empty.</returns>
    public bool TryNext(bool wait, out string? path, CancellationToken cancellation) =>
        paths.TryTake(out path, wait ? Timeout.Infinite : 0, cancellation) || !paths.IsCompleted;

    /// <inheritdoc/>
    public void Dispose() => paths.Dispose();
}
