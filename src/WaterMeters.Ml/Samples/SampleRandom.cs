namespace WaterMeters.Ml.Samples;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). Implemented here because the same seed must
/// give the same images with every version of .NET.
/// </summary>
internal sealed class SampleRandom(ulong state)
{
    private ulong state = state;

    /// <summary>Creates the generator of one photo; it depends only on the three arguments.</summary>
    public static SampleRandom ForPhoto(int seed, int index, int size)
    {
        ulong mixed = new SampleRandom((uint)seed).Bits();
        mixed = new SampleRandom(mixed ^ (uint)index).Bits();
        return new SampleRandom(new SampleRandom(mixed ^ ((ulong)(uint)size << 32)).Bits());
    }

    /// <summary>Returns a separate generator for one painter, so that it does not depend on how many numbers others take.</summary>
    public SampleRandom Split() => new(Bits());

    /// <summary>Returns 64 random bits.</summary>
    public ulong Bits()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Returns a uniform number in [0, 1).</summary>
    public float Fraction() => (Bits() >> 40) * (1f / (1 << 24));

    /// <summary>Returns a uniform number in [low, high).</summary>
    public float Between(float low, float high) => low + (high - low) * Fraction();

    /// <summary>Returns a uniform integer from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Integer(int low, int high) => low + (int)(Bits() % (ulong)(high - low + 1));

    /// <summary>Returns true with the given probability.</summary>
    public bool Chance(double probability) => Fraction() < probability;

    /// <summary>Returns 1 or -1.</summary>
    public float Sign() => Chance(0.5) ? 1 : -1;

    /// <summary>Returns a near-Gaussian number, the sum of four uniforms: mean 0, standard deviation 1, within 3.47 of 0.</summary>
    public float Gaussian() => (Fraction() + Fraction() + Fraction() + Fraction() - 2) * 1.7320508f;

    /// <summary>Returns one of the choices at random.</summary>
    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Integer(0, choices.Length - 1)];
}
