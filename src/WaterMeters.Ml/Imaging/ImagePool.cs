namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Native memory for files and pixels. Blocks are used again while the free ones together stay under a bound; blocks too large
/// for that go back to the system at once, so that one huge photo costs its size only while it is there. Safe for many threads.
/// </summary>
/// <param name="mostKept">Bytes that free blocks may take together; a block of more than half of it is never kept.</param>
internal sealed class ImagePool(long mostKept)
{
    private const long Granule = 64 << 10;

    private readonly Lock gate = new();
    private readonly List<(nint Address, long Bytes)> free = []; // the longest unused first
    private long freeBytes, rentedBytes;

    /// <summary>The pool of this process: 12-megapixel photos are used again, 48-megapixel ones are not.</summary>
    public static ImagePool Shared { get; } = new(128L << 20);

    /// <summary>Bytes in use.</summary>
    public long RentedBytes => Interlocked.Read(ref rentedBytes);

    /// <summary>Bytes that wait for their next use.</summary>
    public long KeptBytes
    {
        get
        {
            lock (gate) return freeBytes;
        }
    }

    /// <summary>Takes a block of at least this many bytes; what is in it is left from its last use.</summary>
    public (nint Address, long Bytes) Rent(long bytes)
    {
        long wanted = (bytes + Granule - 1) / Granule * Granule;
        (nint Address, long Bytes) block = default;
        lock (gate)
        {
            int best = -1;
            for (int i = 0; i < free.Count; i++)
            {
                // A block of more than twice the size would be held back from what needs it.
                bool fits = free[i].Bytes >= wanted && free[i].Bytes <= 2 * wanted;
                if (fits && (best < 0 || free[i].Bytes < free[best].Bytes)) best = i;
            }

            if (best >= 0)
            {
                block = free[best];
                free.RemoveAt(best);
                freeBytes -= block.Bytes;
            }
            else if (wanted > mostKept / 2)
            {
                Release(0);
            }
        }

        if (block.Bytes == 0) block = (PageMemory.Allocate(wanted), wanted);
        Interlocked.Add(ref rentedBytes, block.Bytes);
        return block;
    }

    /// <summary>Gives a block back, once.</summary>
    public void Return((nint Address, long Bytes) block)
    {
        Interlocked.Add(ref rentedBytes, -block.Bytes);
        if (block.Bytes > mostKept / 2)
        {
            PageMemory.Free(block.Address, block.Bytes);
            return;
        }

        lock (gate)
        {
            free.Add(block);
            freeBytes += block.Bytes;
            Release(mostKept);
        }
    }

    /// <summary>Gives all free blocks back to the system.</summary>
    public void Trim()
    {
        lock (gate) Release(0);
    }

    private void Release(long down)
    {
        int count = 0;
        for (; freeBytes > down; count++)
        {
            PageMemory.Free(free[count].Address, free[count].Bytes);
            freeBytes -= free[count].Bytes;
        }

        free.RemoveRange(0, count);
    }
}
