namespace WaterMeters.Ml.Foundation;

/// <summary>
/// A small random number generator whose sequence depends only on its key: the same on every platform, runtime version and number of
/// threads. SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
internal struct DeterministicRandom
{
    private ulong state;

    /// <summary>Creates a generator for a key; different keys give unrelated sequences.</summary>
    public DeterministicRandom(params ReadOnlySpan<long> key)
    {
        foreach (long part in key) state = Mix(state + 0x9e3779b97f4a7c15UL + (ulong)part);
    }

    /// <summary>Returns the next 64 bits.</summary>
    public ulong NextBits() => Mix(state += 0x9e3779b97f4a7c15UL);

    /// <summary>Returns a number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a number in [low, high).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Returns an integer in [0, count).</summary>
    public int NextInt(int count) => (int)(((UInt128)NextBits() * (ulong)count) >> 64);

    /// <summary>Shuffles the items.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = NextInt(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
        return z ^ (z >> 31);
    }
}
