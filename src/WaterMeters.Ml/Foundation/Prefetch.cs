namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Prepares the next items on other threads while the current one is used, and returns the results in the order of the items.
/// </summary>
internal static class Prefetch
{
    /// <summary>
    /// Runs <paramref name="prepare"/> for at most <paramref name="ahead"/> items at once. When the caller stops early or an item fails, it
    /// waits for the running work and disposes its results, so nothing keeps running or leaks.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<TOut> InOrder<TIn, TOut>(
        IEnumerable<TIn> items, int ahead, Func<TIn, TOut> prepare, CancellationToken cancellation)
        where TOut : notnull
    {
        var waiting = new Queue<Task<TOut>>();
        using var source = items.GetEnumerator();
        try
        {
            bool more = true;
            Fill();
            while (waiting.TryPeek(out var head))
            {
                var result = Result(head, cancellation);
                waiting.Dequeue();
                Fill(); // before the result is used, so that other threads keep working
                yield return result;
            }

            void Fill()
            {
                while (more && waiting.Count < ahead && (more = source.MoveNext()))
                {
                    var item = source.Current;
                    waiting.Enqueue(Task.Run(() => prepare(item), cancellation));
                }
            }
        }
        finally
        {
            foreach (var task in waiting) Discard(task);
        }
    }

    /// <summary>Waits for a task; throws its own exception, not an aggregate.</summary>
    public static T Result<T>(Task<T> task, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for a task and disposes its unused result.</summary>
    public static void Discard<T>(Task<T> task)
    {
        try
        {
            (task.GetAwaiter().GetResult() as IDisposable)?.Dispose();
        }
        catch (Exception)
        {
            // The error that ended the enumeration is already being thrown; this item's own error would hide it.
        }
    }
}
