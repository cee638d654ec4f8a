namespace WaterMeters.Ops.Http;

/// <summary>Fills a file from a source that may be cut: asks for the rest, or starts again if the source cannot resume.</summary>
internal sealed class ResumingDownload
{
    /// <summary>Timeouts and retries.</summary>
    public required DownloadOptions Options { get; init; }

    /// <summary>
    /// Asks for the file from a byte on. Throws <see cref="IOException"/> for a lost connection, and any other exception for an answer
    /// that no other attempt changes.
    /// </summary>
    public required Func<long, CancellationToken, FilePart> Open { get; init; }

    /// <summary>Reads available bytes of a part; 0 at its end. Throws <see cref="IOException"/> for a lost connection.</summary>
    public required Func<Stream, byte[], CancellationToken, int> Read { get; init; }

    /// <summary>Bytes that the whole file must have; null if unknown. A part that ends before counts as cut.</summary>
    public long? Expected { get; init; }

    /// <summary>Called with the bytes that are there, and those of the whole file (0: unknown).</summary>
    public Action<long, long> Report { get; init; } = (_, _) => { };

    /// <summary>Appends to the file until it is complete.</summary>
    /// <exception cref="InterruptedDownloadException">Too many attempts in a row brought no byte. What came stays in the file.</exception>
    public void Fill(Stream file, CancellationToken stop)
    {
        long longest = file.Length;
        for (int failures = 0; ;)
        {
            string reason;
            try
            {
                if (Append(file, stop) is not { } failure) return;
                reason = failure;
            }
            catch (LostConnectionException e)
            {
                reason = e.Message;
            }

            failures = file.Length > longest ? 1 : failures + 1;
            longest = Math.Max(longest, file.Length);
            if (failures >= Options.Attempts) throw new InterruptedDownloadException(reason.TrimEnd('.'), file.Length);
            stop.WaitHandle.WaitOne(Options.RetryDelay);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Makes one request. Returns null once the file is complete, or why it is not.</summary>
    private string? Append(Stream file, CancellationToken stop)
    {
        using var part = Connected(() => Open(file.Length, stop));
        if (part.StartsAgain) file.SetLength(0);
        if (part.Failure is { } failure) return failure;
        if (part.Body is not { } body) return null;

        if (file.Length != part.From) file.SetLength(part.From);
        file.Position = part.From;
        byte[] buffer = new byte[1 << 17];
        while (Connected(() => Read(body, buffer, stop)) is > 0 and int count)
        {
            file.Write(buffer, 0, count);
            Report(file.Length, Expected ?? part.Total ?? 0);
        }

        file.Flush();
        return (Expected ?? part.Total) is { } total && file.Length < total ? "The connection ended before the file did" : null;
    }

    // Separates connection errors, which are retried, from those of a full disk, which is an IOException too.
    private static T Connected<T>(Func<T> request)
    {
        try
        {
            return request();
        }
        catch (IOException e)
        {
            throw new LostConnectionException(e);
        }
    }

    private sealed class LostConnectionException(IOException reason) : Exception(reason.Message, reason);
}
