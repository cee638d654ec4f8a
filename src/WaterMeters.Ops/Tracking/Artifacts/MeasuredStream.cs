using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Tracking.Artifacts;

/// <summary>An artifact to read, which throws where it ends too early.</summary>
/// <param name="inner">The bytes.</param>
/// <param name="expected">Their number; null if unknown.</param>
/// <param name="path">Path of the artifact.</param>
/// <param name="owner">Disposed with the stream.</param>
internal sealed class MeasuredStream(Stream inner, long? expected, string path, IDisposable owner) : Stream
{
    private long read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => read; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw ArtifactSize.Interrupted(path, new InterruptedDownloadException(e.Message.TrimEnd('.'), read));
        }

        read += count;
        if (count == 0 && buffer.Length > 0) ArtifactSize.Check(path, read, expected);
        return count;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            owner.Dispose();
        }

        base.Dispose(disposing);
    }
}
