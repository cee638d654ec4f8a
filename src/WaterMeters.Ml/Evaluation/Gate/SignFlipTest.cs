using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>
/// One-sided sign-flip permutation test: if candidate and baseline were equally good, the difference on each photo could equally well
/// have the opposite sign (Fisher, "The Design of Experiments", 1935).
/// </summary>
internal static class SignFlipTest
{
    /// <summary>Returns the probability of a mean as large as the observed one when neither model is better.</summary>
    /// <param name="differences">Candidate minus baseline, one number per photo.</param>
    /// <param name="flips">Number of random sign assignments. When no more than that exist, each is tried exactly once.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <returns>
    /// (1 + hits) / (1 + flips), because the observed signs are one assignment too (Phipson and Smyth, 2010); hits / assignments when each
    /// was tried. A flipped sum equal to the observed one is a hit. Zero differences have no sign and are left out; without any other
    /// difference the result is 1.
    /// </returns>
    public static double PValue(ReadOnlySpan<double> differences, int flips, long seed)
    {
        Span<double> signed = differences.Length <= 1024 ? stackalloc double[differences.Length] : new double[differences.Length];
        int count = 0;
        foreach (double difference in differences)
        {
            if (difference != 0) signed[count++] = difference;
        }

        signed = signed[..count];
        if (count == 0) return 1;
        bool each = count < 31 && 1L << count <= flips;
        int tries = each ? 1 << count : flips;
        double threshold = Threshold(signed);
        var random = new DeterministicRandom(seed, count, 2);
        int hits = 0;
        for (int t = 0; t < tries; t++)
        {
            double sum = 0;
            for (int start = 0; start < count; start += 64)
            {
                ulong signs = each ? (ulong)t : random.NextBits();
                int end = Math.Min(count, start + 64);
                for (int i = start; i < end; i++, signs >>= 1)
                {
                    // The lowest bit becomes the sign bit.
                    sum += BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(signed[i]) ^ (signs << 63));
                }
            }

            if (sum >= threshold) hits++;
        }

        return each ? hits / (double)tries : (1.0 + hits) / (1.0 + tries);
    }

    /// <summary>Returns the same probability from given flipped sums.</summary>
    /// <param name="differences">Candidate minus baseline, one number per photo.</param>
    /// <param name="sums">Sum of the differences under each random sign assignment.</param>
    public static double PValue(ReadOnlySpan<double> differences, ReadOnlySpan<double> sums)
    {
        double threshold = Threshold(differences);
        int hits = 0;
        foreach (double sum in sums)
        {
            if (sum >= threshold) hits++;
        }

        return (1.0 + hits) / (1.0 + sums.Length);
    }

    /// <summary>Returns the observed sum, minus the rounding error that another order of addition may cause.</summary>
    private static double Threshold(ReadOnlySpan<double> differences)
    {
        double sum = 0, size = 0;
        foreach (double difference in differences)
        {
            sum += difference;
            size += Math.Abs(difference);
        }

        return sum - (1e-12 * size);
    }
}
