namespace WaterMeters.Ml.Imaging;

/// <summary>Pooled native memory with one owner. A span of it must not outlive the block.</summary>
internal sealed unsafe class ImageBlock : IDisposable
{
    private readonly int length;
    private readonly long capacity;
    private nint address;

    /// <summary>Rents a block from the pool; its content is undefined.</summary>
    public ImageBlock(int length)
    {
        this.length = length;
        (address, capacity) = ImagePool.Shared.Rent(length);
    }

    /// <summary>The bytes, exactly as many as requested.</summary>
    /// <exception cref="ObjectDisposedException">The block was returned to the pool.</exception>
    public Span<byte> Bytes
    {
        get
        {
            nint start = address;
            ObjectDisposedException.ThrowIf(start == 0, this);
            return new Span<byte>((void*)start, length);
        }
    }

    /// <summary>Returns the block to the pool; a second call does nothing.</summary>
    public void Dispose()
    {
        // Returned exactly once, whatever the thread: two owners of one block would overwrite each other's photos.
        nint start = Interlocked.Exchange(ref address, 0);
        if (start != 0) ImagePool.Shared.Return((start, capacity));
    }
}
