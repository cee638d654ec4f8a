using System.Diagnostics;

namespace WaterMeters.Ops.Versioning;

/// <summary>Counts files and bytes from several threads, and reports them a few times a second.</summary>
internal sealed class TransferProgress(Action<TransferState>? report)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private string work = "";
    private long totalFiles, totalBytes, files, bytes, started, shown;

    /// <summary>Starts to count another piece of work.</summary>
    public void Begin(string name, long allFiles, long allBytes)
    {
        (work, totalFiles, totalBytes, files, bytes) = (name, allFiles, allBytes, 0, 0);
        started = Stopwatch.GetTimestamp();
        Show();
    }

    /// <summary>Counts a file.</summary>
    public void Add(long fileBytes)
    {
        Interlocked.Increment(ref files);
        Interlocked.Add(ref bytes, fileBytes);
        if (report is not null && Stopwatch.GetElapsedTime(Volatile.Read(ref shown)) > Interval) Show();
    }

    private void Show()
    {
        if (report is null) return;
        Volatile.Write(ref shown, Stopwatch.GetTimestamp());
        long done = totalBytes > 0 ? Interlocked.Read(ref bytes) : Interlocked.Read(ref files);
        long all = totalBytes > 0 ? totalBytes : totalFiles;
        var elapsed = Stopwatch.GetElapsedTime(started);
        TimeSpan? left = done > 0 && elapsed > TimeSpan.FromSeconds(1) ? elapsed * (Math.Max(0, all - done) / (double)done) : null;
        report(new(work, Interlocked.Read(ref files), totalFiles, Interlocked.Read(ref bytes), totalBytes, left));
    }
}
