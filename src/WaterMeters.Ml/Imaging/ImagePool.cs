namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Pool of native memory for files and pixels. Free blocks are kept for reuse up to a total size; larger blocks are returned to the
/// system at once, so that a huge photo takes memory only while it is in use. Thread-safe.
/// </summary>
/// <param name="maxKeptBytes">Total bytes of free blocks to keep; a block of more than half of it is never kept.</param>
internal sealed class ImagePool(long maxKeptBytes)
{
    private const long Granule = 64 << 10;

    private readonly Lock gate = new();
    private readonly List<(nint Address, long Bytes)> free = []; // least recently used first
    private long freeBytes, rentedBytes;

    /// <summary>The pool of this process: blocks for 12-megapixel photos are reused, those for 48 megapixels are not.</summary>
    public static ImagePool Shared { get; } = new(128L << 20);

    /// <summary>Bytes rented out.</summary>
    public long RentedBytes => Interlocked.Read(ref rentedBytes);

    /// <summary>Bytes of free blocks kept for reuse.</summary>
    public long KeptBytes
    {
        get
        {
            lock (gate) return freeBytes;
        }
    }

    /// <summary>Rents a block of at least this many bytes; its content is undefined.</summary>
    public (nint Address, long Bytes) Rent(long bytes)
    {
        long wanted = (bytes + Granule - 1) / Granule * Granule;
        (nint Address, long Bytes) block = default;
        lock (gate)
        {
            int best = -1;
            for (int i = 0; i < free.Count; i++)
            {
                // Leave blocks of more than twice the size to requests that need them.
                bool fits = free[i].Bytes >= wanted && free[i].Bytes <= 2 * wanted;
                if (fits && (best < 0 || free[i].Bytes < free[best].Bytes)) best = i;
            }

            if (best >= 0)
            {
                block = free[best];
                free.RemoveAt(best);
                freeBytes -= block.Bytes;
            }
            else if (wanted > maxKeptBytes / 2)
            {
                FreeDownTo(0);
            }
        }

        if (block.Bytes == 0) block = (PageMemory.Allocate(wanted), wanted);
        Interlocked.Add(ref rentedBytes, block.Bytes);
        return block;
    }

    /// <summary>Returns a block to the pool; call it once for each block.</summary>
    public void Return((nint Address, long Bytes) block)
    {
        Interlocked.Add(ref rentedBytes, -block.Bytes);
        if (block.Bytes > maxKeptBytes / 2)
        {
            PageMemory.Free(block.Address, block.Bytes);
            return;
        }

        lock (gate)
        {
            free.Add(block);
            freeBytes += block.Bytes;
            FreeDownTo(maxKeptBytes);
        }
    }

    /// <summary>Returns all free blocks to the system.</summary>
    public void Trim()
    {
        lock (gate) FreeDownTo(0);
    }

    private void FreeDownTo(long limit)
    {
        int count = 0;
        for (; freeBytes > limit; count++)
        {
            PageMemory.Free(free[count].Address, free[count].Bytes);
            freeBytes -= free[count].Bytes;
        }

        free.RemoveRange(0, count);
    }
}
