using System.Collections.Concurrent;

namespace WaterMeters.Ml.Inference.Engines;

/// <summary>The arrays that a photo needs on its way through prediction, used again for later photos; as many as photos are under way at once.</summary>
/// <param name="size">Edge of the network's square, pixels.</param>
internal sealed class PhotoBuffers(int size)
{
    /// <summary>The network's input, [3, S, S].</summary>
    public byte[] Planes { get; } = new byte[3 * size * size];

    /// <summary>The network's output, [S, S].</summary>
    public float[] Logits { get; } = new float[size * size];

    /// <summary>The mask at the network's size, [S, S], 0 or 1.</summary>
    public byte[] Mask { get; } = new byte[size * size];

    /// <summary>Bytes of the three arrays.</summary>
    public static long BytesFor(int size) => 8L * size * size;

    /// <summary>Arrays that are free; safe for many threads.</summary>
    internal sealed class Pool(int size)
    {
        private readonly ConcurrentBag<PhotoBuffers> free = [];

        /// <summary>Free arrays, or new ones.</summary>
        public PhotoBuffers Rent() => free.TryTake(out var buffers) ? buffers : new PhotoBuffers(size);

        /// <summary>Makes arrays free again; nobody else may hold them.</summary>
        public void Return(PhotoBuffers buffers) => free.Add(buffers);

        /// <summary>How many are free.</summary>
        public int Count => free.Count;
    }
}
