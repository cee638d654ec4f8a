using System.Collections.Concurrent;

namespace WaterMeters.Ml.Inference.Engines;

/// <summary>The arrays of a photo in flight, reused for later photos.</summary>
/// <param name="size">Input size of the network, pixels.</param>
internal sealed class PhotoBuffers(int size)
{
    /// <summary>The network's input, [3, S, S].</summary>
    public byte[] Planes { get; } = new byte[3 * size * size];

    /// <summary>The network's output, [S, S].</summary>
    public float[] Logits { get; } = new float[size * size];

    /// <summary>The mask at the network's size, [S, S], 0 or 1.</summary>
    public byte[] Mask { get; } = new byte[size * size];

    /// <summary>Returns the bytes of the three arrays.</summary>
    public static long BytesFor(int size) => 8L * size * size;

    /// <summary>Free arrays. Thread-safe.</summary>
    internal sealed class Pool(int size)
    {
        private readonly ConcurrentBag<PhotoBuffers> free = [];

        /// <summary>Takes free arrays, or creates new ones.</summary>
        public PhotoBuffers Rent() => free.TryTake(out var buffers) ? buffers : new PhotoBuffers(size);

        /// <summary>Returns arrays to the pool; the caller must not use them afterwards.</summary>
        public void Return(PhotoBuffers buffers) => free.Add(buffers);

        /// <summary>Number of free arrays.</summary>
        public int Count => free.Count;
    }
}
