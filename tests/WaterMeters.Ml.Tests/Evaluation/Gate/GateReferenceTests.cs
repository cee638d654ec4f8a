using System.Text.Json;
using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Tests.Evaluation.Gate;

/// <summary>Compares the statistics with those of R (reference/gate.R), on the same resamples and the same signs.</summary>
public class GateReferenceTests
{
    private const long Modulus = int.MaxValue;

    public static TheoryData<string> Sets() =>
        [.. Reference().GetProperty("sets").EnumerateArray().Select(s => s.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Computes_the_same_statistics_as_R(string name)
    {
        var reference = Reference();
        int resamples = reference.GetProperty("resamples").GetInt32();
        var set = reference.GetProperty("sets").EnumerateArray().Single(s => s.GetProperty("name").GetString() == name);
        double[] differences = [.. set.GetProperty("differences").EnumerateArray().Select(d => d.GetDouble())];
        long state = set.GetProperty("seed").GetInt64();
        double Draw() => differences[(int)(Next(ref state) * differences.Length / Modulus)];
        double[] means = [.. Enumerable.Range(0, resamples).Select(_ => differences.Select(_ => Draw()).Sum() / differences.Length)];
        double[] sums = [.. Enumerable.Range(0, resamples).Select(_ => differences.Select(d => Next(ref state) < 1 << 30 ? -d : d).Sum())];

        var interval = BcaInterval.Compute(differences, means, 0.95);

        Assert.Equal(set.GetProperty("mean").GetDouble(), BcaInterval.Mean(differences), 1e-12);
        Assert.Equal(set.GetProperty("lower").GetDouble(), interval.Lower, 1e-6);
        Assert.Equal(set.GetProperty("upper").GetDouble(), interval.Upper, 1e-6);
        Assert.Equal(set.GetProperty("p").GetDouble(), SignFlipTest.PValue(differences, sums), 1e-12);
        int[] misses = [.. set.GetProperty("misses").EnumerateArray().Select(m => m.GetInt32())];
        Assert.Equal(set.GetProperty("misses.p").GetDouble(), SignTest.PValue(misses[0], misses[1]), 1e-9);
    }

    [Fact]
    public void The_reference_has_ten_sets() => Assert.Equal(10, Sets().Count);

    private static long Next(ref long state) => state = 16807 * state % Modulus;

    private static JsonElement Reference()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Evaluation", "Gate", "reference", "gate.json");
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement;
    }
}
