namespace WaterMeters.Ops.Git;

/// <summary>Reads what a process writes, while it runs.</summary>
internal sealed class PipeReader
{
    /// <summary>What an ended process has written is in the pipe and read at once; later only others could write.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly MemoryStream all = new();
    private readonly Task done;

    /// <summary>Starts to read.</summary>
    public PipeReader(Stream pipe) => done = ReadAsync(pipe);

    /// <summary>Returns all that came before the end of the pipe, and waits for it.</summary>
    public byte[] ReadToEnd()
    {
        done.GetAwaiter().GetResult();
        return all.ToArray();
    }

    /// <summary>
    /// Returns the messages of a process that has ended. A program that it or a hook left running in the background may keep the pipe of
    /// its messages open for long, and is not waited for.
    /// </summary>
    public byte[] ReadMessages()
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
