using System.Runtime.ExceptionServices;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>
/// Runs pieces of work on threads of its own: most of them wait for a disk or a network, and the thread pool adds threads slowly.
/// </summary>
internal static class ParallelWork
{
    /// <summary>Runs <paramref name="work"/> for 0 to <paramref name="count"/> - 1. After the first exception no more is started.</summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="threads">How many run at the same time at most.</param>
    /// <param name="work">The work, which receives the number of the piece.</param>
    /// <param name="stop">Stops the work.</param>
    public static void Run(int count, int threads, Action<int> work, CancellationToken stop)
    {
        threads = Math.Min(threads, count);
        if (threads <= 1)
        {
            for (int i = 0; i < count; i++)
            {
                stop.ThrowIfCancellationRequested();
                work(i);
            }

            return;
        }

        int next = -1;
        ExceptionDispatchInfo? failure = null;
        var all = new Thread[threads];
        for (int t = 0; t < threads; t++)
        {
            all[t] = new Thread(Loop) { IsBackground = true, Name = "WaterMeters files" };
            all[t].Start();
        }

        foreach (var thread in all) thread.Join();
        failure?.Throw();
        stop.ThrowIfCancellationRequested();

        void Loop()
        {
            try
            {
                while (Volatile.Read(ref failure) is null && !stop.IsCancellationRequested)
                {
                    int i = Interlocked.Increment(ref next);
                    if (i >= count) return;
                    work(i);
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
        }
    }
}
