namespace WaterMeters.Ops.Git;

/// <summary>
/// Reads what a process writes, while it runs. A program that git or a hook leaves running in the background may keep the pipe open long
/// after git has ended; it is not waited for.
/// </summary>
internal sealed class PipeReader
{
    /// <summary>What an ended process has written is in the pipe and read at once; longer than this, only others could write.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly MemoryStream all = new();
    private readonly Task done;

    /// <summary>Starts to read.</summary>
    public PipeReader(Stream pipe) => done = ReadAsync(pipe);

    /// <summary>Returns what the process wrote. It must have ended.</summary>
    public byte[] Finish()
    {
        try
        {
            done.Wait(Patience);
        }
        catch (AggregateException e) when (e.InnerException is IOException or ObjectDisposedException)
        {
            // What came before is what there is.
        }

        lock (all) return all.ToArray();
    }

    private async Task ReadAsync(Stream pipe)
    {
        byte[] part = new byte[1 << 16];
        for (int count; (count = await pipe.ReadAsync(part).ConfigureAwait(false)) > 0;)
        {
            lock (all) all.Write(part, 0, count);
        }
    }
}
