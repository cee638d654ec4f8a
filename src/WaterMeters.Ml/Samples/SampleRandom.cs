namespace WaterMeters.Ml.Samples;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). It is written out here
/// because the same seed has to give the same images with every version of .NET.
/// </summary>
internal sealed class SampleRandom(ulong state)
{
    private ulong state = state;

    /// <summary>The numbers of one photo; they depend on the three arguments only.</summary>
    public static SampleRandom ForPhoto(int seed, int index, int size)
    {
        ulong mixed = new SampleRandom((uint)seed).Bits();
        mixed = new SampleRandom(mixed ^ (uint)index).Bits();
        return new SampleRandom(new SampleRandom(mixed ^ ((ulong)(uint)size << 32)).Bits());
    }

    /// <summary>A generator of its own for one painter, so that what one painter draws does not depend on how many numbers another took.</summary>
    public SampleRandom Split() => new(Bits());

    public ulong Bits()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Fraction() => (Bits() >> 40) * (1f / (1 << 24));

    public float Between(float low, float high) => low + (high - low) * Fraction();

    /// <summary>Uniform over the whole numbers from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Whole(int low, int high) => low + (int)(Bits() % (ulong)(high - low + 1));

    public bool Chance(double probability) => Fraction() < probability;

    public float Sign() => Chance(0.5) ? 1 : -1;

    /// <summary>A bell of four uniforms: mean 0, standard deviation 1, never beyond 3.47.</summary>
    public float Bell() => (Fraction() + Fraction() + Fraction() + Fraction() - 2) * 1.7320508f;

    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Whole(0, choices.Length - 1)];
}
