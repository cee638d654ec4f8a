using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Tests.Evaluation.Gate;

public class GateRulesTests
{
    private static readonly GateProvenance Known = new(true, true);

    [Theory]
    [InlineData(100, 0.02)]
    [InlineData(125, 0.025)]
    [InlineData(1000, 0.025)]
    [InlineData(110, 0.022)]
    [InlineData(25, 0.02)]
    public void Few_photos_need_a_smaller_p_value(int photos, double alpha) =>
        Assert.Equal(alpha, new GateOptions().AlphaFor(photos), 12);

    [Theory]
    [InlineData(0.02, 0.01, 0.03, 0.001, ComparisonVerdict.Superior)]
    [InlineData(0.02, 0.01, 0.03, 0.025, ComparisonVerdict.Superior)]
    [InlineData(0.02, 0.01, 0.03, 0.026, ComparisonVerdict.NonInferior)] // the interval alone is not enough
    [InlineData(0.02, -0.001, 0.05, 0.01, ComparisonVerdict.NonInferior)] // nor is the p-value
    [InlineData(0, 0, 0, 1, ComparisonVerdict.NonInferior)] // the same model twice
    [InlineData(0, -0.0099, 0.01, 0.5, ComparisonVerdict.NonInferior)]
    [InlineData(0, -0.01, 0.01, 0.5, ComparisonVerdict.Inconclusive)]
    [InlineData(-0.005, -0.008, -0.001, 0.99, ComparisonVerdict.NonInferior, GateFlag.WorseWithinMargin)]
    [InlineData(-0.05, -0.08, -0.01, 1, ComparisonVerdict.Inferior)]
    [InlineData(0.01, -0.05, 0.07, 0.3, ComparisonVerdict.Inconclusive)]
    public void Returns_the_first_verdict_that_applies(
        double difference, double lower, double upper, double p, ComparisonVerdict verdict, params GateFlag[] flags)
    {
        var decision = GateRules.Decide(Evidence(difference, lower, upper, p), Known, new GateOptions());

        Assert.Equal((verdict, verdict == ComparisonVerdict.Superior), (decision.Verdict, decision.Passed));
        Assert.Equal(flags, decision.Flags);
    }

    [Theory]
    [InlineData(GatePolicy.Superior, true, false, false)]
    [InlineData(GatePolicy.NonInferior, true, true, false)]
    [InlineData(GatePolicy.Strict, true, true, true)]
    public void The_policy_decides_which_verdicts_pass(GatePolicy policy, bool superior, bool nonInferior, bool inconclusive)
    {
        var options = new GateOptions { Policy = policy };

        Assert.Equal(superior, GateRules.Decide(Evidence(0.02, 0.01, 0.03, 0.001), Known, options).Passed);
        Assert.Equal(nonInferior, GateRules.Decide(Evidence(0.001, -0.005, 0.01, 0.4), Known, options).Passed);
        Assert.Equal(inconclusive, GateRules.Decide(Evidence(0.01, -0.05, 0.07, 0.3), Known, options).Passed);
    }

    [Fact]
    public void Is_inconclusive_with_too_few_photos_and_says_how_many_to_add()
    {
        var decision = GateRules.Decide(Evidence(0.2, 0.1, 0.3, 0.001) with { Photos = 37 }, Known, new GateOptions());

        Assert.Equal((ComparisonVerdict.Inconclusive, false), (decision.Verdict, decision.Passed));
        Assert.Equal([GateFlag.TooFewPhotos], decision.Flags);
        Assert.EndsWith(
            ". A verdict needs 100 photos; add 63 more. This does not satisfy the policy Superior.",
            decision.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Explains_an_inconclusive_verdict_with_the_smallest_detectable_gain()
    {
        var decision = GateRules.Decide(Evidence(0.01, -0.05, 0.07, 0.3), Known, new GateOptions());

        Assert.Equal(
            "+0.0100 Dice on the same 150 photos (0.9000 against 0.8900; 95% interval -0.0500 to +0.0700; p = 0.3000). "
            + "Inconclusive: with this many photos only a gain of at least 0.0600 Dice can be detected. "
            + "This does not satisfy the policy Superior.",
            decision.Reason);
    }

    [Fact]
    public void Every_policy_blocks_a_better_model_for_these_flags()
    {
        var better = Evidence(0.02, 0.01, 0.03, 0.001);
        foreach (var policy in Enum.GetValues<GatePolicy>())
        {
            var options = new GateOptions { Policy = policy };
            Blocked(better, Known, options with { MinimumDice = 0.95 }, GateFlag.BelowMinimumDice);
            Blocked(better with { CandidateMisses = 4, MissesPValue = SignTest.PValue(4, 0) }, Known, options, GateFlag.MissesMoreWindows);
            var dark = new SliceEvidence("Dark", 30, -0.1, -0.2, -0.01, true);
            Blocked(better with { Slices = [dark] }, Known, options, GateFlag.WorseOnSlice);
            Blocked(better, new GateProvenance(false, true), options, GateFlag.UnknownProvenance);
            Blocked(better with { CandidateEmptyMasks = 150 }, Known, options, GateFlag.CandidateFindsNothing);
            Blocked(better with { CandidateMisses = 1, BothMiss = 149 }, Known, options, GateFlag.CandidateFindsNothing);
        }

        static void Blocked(GateEvidence evidence, GateProvenance provenance, GateOptions options, GateFlag flag)
        {
            var decision = GateRules.Decide(evidence, provenance, options);
            Assert.Equal((ComparisonVerdict.Superior, false), (decision.Verdict, decision.Passed));
            Assert.Equal([flag], decision.Flags);
        }
    }

    [Fact]
    public void Three_windows_that_only_the_candidate_misses_are_not_significant()
    {
        Assert.Equal(0.125, SignTest.PValue(3, 0), 1e-12);
        Assert.Equal(0.0625, SignTest.PValue(4, 0), 1e-12);
        Assert.Equal(1, SignTest.PValue(0, 5));
    }

    [Fact]
    public void A_slice_with_few_photos_does_not_block()
    {
        double[] good = [.. Enumerable.Repeat(0.9, 100)], bad = [.. good.Select((g, i) => i < 29 ? g - 0.1 - (i * 0.001) : g)];
        int[] photos = [.. Enumerable.Range(0, 29)];
        var pairs = new ScorePairs(bad, good);
        var (dark, blurred) = (new GateSlice("Dark", photos), new GateSlice("Blurred", []));

        var small = GateEvidence.Collect(pairs, 0, [dark, blurred], new GateOptions());
        var enough = GateEvidence.Collect(pairs, 0, [dark], new GateOptions { MinimumSlicePhotos = 29 });

        Assert.Equal((29, false), (small.Slices[0].Photos, small.Slices[0].Blocks));
        Assert.InRange(small.Slices[0].Upper, -0.13, -0.1);
        Assert.Equal((0, false), (small.Slices[1].Photos, small.Slices[1].Blocks));
        Assert.True(enough.Slices[0].Blocks);
    }

    [Fact]
    public void Force_allows_unknown_provenance_and_that_of_the_baseline_only_sets_a_flag()
    {
        var options = new GateOptions { AllowUnknownProvenance = true };
        var decision = GateRules.Decide(Evidence(0.02, 0.01, 0.03, 0.001), default, options);

        Assert.True(decision.Passed);
        Assert.Equal([GateFlag.UnknownProvenance, GateFlag.UnknownBaselineProvenance], decision.Flags);
    }

    [Theory]
    [InlineData(0.9, null, 200, false)]
    [InlineData(0.9, 0.8, 200, true)]
    [InlineData(0.9, 0.8, 50, false)]
    [InlineData(0.7, 0.8, 200, false)]
    [InlineData(double.NaN, 0.8, 200, false)]
    public void Without_a_baseline_passes_only_with_a_minimum_Dice(double dice, double? minimum, int photos, bool passed)
    {
        var options = new GateOptions { MinimumDice = minimum };
        var decision = GateRules.DecideWithoutBaseline(new CandidateEvidence(photos, dice), Known, options);

        Assert.Equal((ComparisonVerdict.NoBaseline, passed), (decision.Verdict, decision.Passed));
    }

    [Fact]
    public void Flags_a_candidate_or_a_baseline_that_finds_no_window()
    {
        foreach (var evidence in new[] { new CandidateEvidence(200, 0.5, 200, 0), new CandidateEvidence(200, 1, 0, 200) })
        {
            var decision = GateRules.DecideWithoutBaseline(evidence, Known, new GateOptions { MinimumDice = 0 });
            Assert.False(decision.Passed);
            Assert.Equal([GateFlag.CandidateFindsNothing], decision.Flags);
        }

        var oneFound = new CandidateEvidence(200, 0.9, 199, 199);
        Assert.True(GateRules.DecideWithoutBaseline(oneFound, Known, new GateOptions { MinimumDice = 0 }).Passed);
        var over = GateRules.Decide(Evidence(0.9, 0.8, 1, 0.001) with { BaselineMisses = 150 }, Known, new GateOptions());
        Assert.True(over.Passed);
        Assert.Equal([GateFlag.BaselineFindsNothing], over.Flags);
    }

    [Fact]
    public void Rejects_scores_and_options_that_are_NaN()
    {
        var pairs = new ScorePairs([0.5, double.NaN], [0.5, 0.5]);

        Assert.Throws<ArgumentException>(() => GateEvidence.Collect(pairs, 0, [], new GateOptions()));
        Assert.Throws<SettingsException>(() => GateRules.Decide(Evidence(0, 0, 0, 1), Known, new GateOptions { Margin = double.NaN }));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_few_photos_try_every_sign_assignment()
    {
        double[] differences = [0.1, -0.05, 0.2, 0, 0.02];

        Assert.Equal(Bootstrap.Means(differences, 1000, 5), Bootstrap.Means(differences, 1000, 5));
        Assert.NotEqual(Bootstrap.Means(differences, 1000, 5), Bootstrap.Means(differences, 1000, 6));
        Assert.Equal(3 / 16.0, SignFlipTest.PValue(differences, 1000, 1), 1e-12); // sums of 0.37, 0.33 and 0.27 of 16
        Assert.Equal(1, SignFlipTest.PValue([0, 0], 1000, 1));
    }

    private static GateEvidence Evidence(double difference, double lower, double upper, double p) => new()
    {
        Photos = 150, CandidateDice = 0.9, BaselineDice = 0.9 - difference, Difference = difference, IoUDifference = difference,
        Lower = lower, Upper = upper, PValue = p, CandidateWorstTenth = 0.5, BaselineWorstTenth = 0.5,
        CandidateMisses = 0, BaselineMisses = 0, BothMiss = 0, MissesPValue = 1, Slices = [],
    };
}
