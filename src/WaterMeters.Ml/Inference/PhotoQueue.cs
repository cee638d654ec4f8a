using System.Collections.Concurrent;

namespace WaterMeters.Ml.Inference;

/// <summary>Photos waiting to be predicted: one thread puts them in as it learns of them, another predicts.</summary>
public sealed class PhotoQueue : IDisposable
{
    private readonly BlockingCollection<string> paths;

    /// <summary>An empty queue.</summary>
    public PhotoQueue() : this(64)
    {
    }

    private PhotoQueue(int capacity) => paths = new(capacity);

    /// <summary>A queue of these photos and no more.</summary>
    public static PhotoQueue Create(params IReadOnlyList<string> photos)
    {
        var queue = new PhotoQueue(Math.Max(1, photos.Count));
        foreach (string photo in photos) queue.paths.Add(photo);
        queue.paths.CompleteAdding();
        return queue;
    }

    /// <summary>Puts a photo in unless the queue is full.</summary>
    public bool TryAdd(string path) => paths.TryAdd(path);

    /// <summary>Says that no more photos come.</summary>
    public void Complete() => paths.CompleteAdding();

    /// <summary>The next photo.</summary>
    /// <param name="wait">Whether to wait for one when none is there yet.</param>
    /// <param name="path">The photo, or null when none is there yet.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>False when no more come.</returns>
    public bool TryNext(bool wait, out string? path, CancellationToken cancellation) =>
        paths.TryTake(out path, wait ? Timeout.Infinite : 0, cancellation) || !paths.IsCompleted;

    /// <inheritdoc/>
    public void Dispose() => paths.Dispose();
}
