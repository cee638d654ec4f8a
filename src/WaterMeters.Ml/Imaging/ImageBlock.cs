namespace WaterMeters.Ml.Imaging;

/// <summary>Pooled native memory with one owner. A span of it must not outlive the block: nothing keeps the memory but the owner.</summary>
internal sealed unsafe class ImageBlock : IDisposable
{
    private readonly int length;
    private readonly long capacity;
    private nint address;

    /// <summary>Takes a block out of the pool. What is in it is left from its last use.</summary>
    public ImageBlock(int length)
    {
        this.length = length;
        (address, capacity) = ImagePool.Shared.Rent(length);
    }

    /// <summary>The bytes, exactly as many as were asked for.</summary>
    /// <exception cref="ObjectDisposedException">The block went back to the pool.</exception>
    public Span<byte> Bytes
    {
        get
        {
            nint start = address;
            ObjectDisposedException.ThrowIf(start == 0, this);
            return new Span<byte>((void*)start, length);
        }
    }

    /// <summary>Gives the block back; a second call does nothing.</summary>
    public void Dispose()
    {
        // Two owners of one block would paint into each other's photos, so only one caller ever returns it.
        nint start = Interlocked.Exchange(ref address, 0);
        if (start != 0) ImagePool.Shared.Return((start, capacity));
    }
}
