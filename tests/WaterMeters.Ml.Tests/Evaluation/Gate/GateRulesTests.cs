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
    public void Few_photos_have_to_be_surer(int photos, double alpha) => Assert.Equal(alpha, new GateOptions().AlphaFor(photos), 12);

    [Theory]
    [InlineData(0.02, 0.01, 0.03, 0.001, ComparisonVerdict.Superior)]
    [InlineData(0.02, 0.01, 0.03, 0.025, ComparisonVerdict.Superior)]
    [InlineData(0.02, 0.01, 0.03, 0.026, ComparisonVerdict.NonInferior)] // the interval alone is not enough
    [InlineData(0.02, -0.001, 0.05, 0.01, ComparisonVerdict.NonInferior)] // nor the p-value
    [InlineData(0, 0, 0, 1, ComparisonVerdict.NonInferior)] // the same model twice
    [InlineData(0, -0.0099, 0.01, 0.5, ComparisonVerdict.NonInferior)]
    [InlineData(0, -0.01, 0.01, 0.5, ComparisonVerdict.Inconclusive)]
    [InlineData(-0.005, -0.008, -0.001, 0.99, ComparisonVerdict.NonInferior, GateFlag.WorseWithinMargin)]
    [InlineData(-0.05, -0.08, -0.01, 1, ComparisonVerdict.Inferior)]
    [InlineData(0.01, -0.05, 0.07, 0.3, ComparisonVerdict.Inconclusive)]
    public void The_first_verdict_that_holds(double difference, double lower, double upper, double p, ComparisonVerdict verdict, params GateFlag[] flags)
    {
        var decision = GateRules.Decide(Evidence(difference, lower, upper, p), Known, new GateOptions());

        Assert.Equal((verdict, verdict == ComparisonVerdict.Superior), (decision.Verdict, decision.Passed));
        Assert.Equal(flags, decision.Flags);
    }

    [Theory]
    [InlineData(GatePolicy.Superior, true, false, false)]
    [InlineData(GatePolicy.NonInferior, true, true, false)]
    [InlineData(GatePolicy.Strict, true, true, true)]
    public void What_passes_is_a_policy(GatePolicy policy, bool superior, bool nonInferior, bool inconclusive)
    {
        var options = new GateOptions { Policy = policy };

        Assert.Equal(superior, GateRules.Decide(Evidence(0.02, 0.01, 0.03, 0.001), Known, options).Passed);
        Assert.Equal(nonInferior, GateRules.Decide(Evidence(0.001, -0.005, 0.01, 0.4), Known, options).Passed);
        Assert.Equal(inconclusive, GateRules.Decide(Evidence(0.01, -0.05, 0.07, 0.3), Known, options).Passed);
    }

    [Fact]
    public void Too_few_photos_decide_nothing_and_say_how_many_are_missing()
    {
        var decision = GateRules.Decide(Evidence(0.2, 0.1, 0.3, 0.001) with { Photos = 37 }, Known, new GateOptions());

        Assert.Equal((ComparisonVerdict.Inconclusive, false), (decision.Verdict, decision.Passed));
        Assert.Equal([GateFlag.TooFewPhotos], decision.Flags);
        Assert.Contains("63 photos are missing", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_policy_a_better_model_is_stopped_by()
    {
        var better = Evidence(0.02, 0.01, 0.03, 0.001);
        foreach (var policy in Enum.GetValues<GatePolicy>())
        {
            var options = new GateOptions { Policy = policy };
            Stopped(better, Known, options with { MinimumDice = 0.95 }, GateFlag.BelowMinimumDice);
            Stopped(better with { CandidateMisses = 4, MissesPValue = SignTest.PValue(4, 0) }, Known, options, GateFlag.MissesMoreWindows);
            Stopped(better with { Slices = [new SliceEvidence("Dark", 30, -0.1, -0.2, -0.01, true)] }, Known, options, GateFlag.WorseOnSlice);
            Stopped(better, new GateProvenance(false, true), options, GateFlag.UnknownProvenance);
            Stopped(better with { CandidateEmptyMasks = 150 }, Known, options, GateFlag.CandidateFindsNothing);
            Stopped(better with { CandidateMisses = 1, BothMiss = 149 }, Known, options, GateFlag.CandidateFindsNothing);
        }

        static void Stopped(GateEvidence evidence, GateProvenance provenance, GateOptions options, GateFlag flag)
        {
            var decision = GateRules.Decide(evidence, provenance, options);
            Assert.Equal((ComparisonVerdict.Superior, false), (decision.Verdict, decision.Passed));
            Assert.Equal([flag], decision.Flags);
        }
    }

    [Fact]
    public void Three_windows_that_the_candidate_alone_misses_are_no_proof()
    {
        Assert.Equal(0.125, SignTest.PValue(3, 0), 1e-12);
        Assert.Equal(0.0625, SignTest.PValue(4, 0), 1e-12);
        Assert.Equal(1, SignTest.PValue(0, 5));
    }

    [Fact]
    public void A_small_slice_is_only_told()
    {
        double[] good = [.. Enumerable.Repeat(0.9, 100)], bad = [.. good.Select((g, i) => i < 29 ? g - 0.1 - (i * 0.001) : g)];
        int[] photos = [.. Enumerable.Range(0, 29)];

        var small = GateEvidence.Collect(new ScorePairs(bad, good), 0, [new GateSlice("Dark", photos), new GateSlice("Blurred", [])], new GateOptions());
        var enough = GateEvidence.Collect(new ScorePairs(bad, good), 0, [new GateSlice("Dark", photos)], new GateOptions { MinimumSlicePhotos = 29 });

        Assert.Equal((29, false), (small.Slices[0].Photos, small.Slices[0].Blocks));
        Assert.InRange(small.Slices[0].Upper, -0.13, -0.1);
        Assert.Equal((0, false), (small.Slices[1].Photos, small.Slices[1].Blocks));
        Assert.True(enough.Slices[0].Blocks);
    }

    [Fact]
    public void An_unknown_past_is_let_through_by_force_and_that_of_the_baseline_is_a_note()
    {
        var decision = GateRules.Decide(Evidence(0.02, 0.01, 0.03, 0.001), default, new GateOptions { AllowUnknownProvenance = true });

        Assert.True(decision.Passed);
        Assert.Equal([GateFlag.UnknownProvenance, GateFlag.UnknownBaselineProvenance], decision.Flags);
    }

    [Theory]
    [InlineData(0.9, null, 200, false)]
    [InlineData(0.9, 0.8, 200, true)]
    [InlineData(0.9, 0.8, 50, false)]
    [InlineData(0.7, 0.8, 200, false)]
    [InlineData(double.NaN, 0.8, 200, false)]
    public void Without_a_baseline_only_a_named_Dice_passes(double dice, double? minimum, int photos, bool passed)
    {
        var decision = GateRules.DecideWithoutBaseline(new CandidateEvidence(photos, dice), Known, new GateOptions { MinimumDice = minimum });

        Assert.Equal((ComparisonVerdict.NoBaseline, passed), (decision.Verdict, decision.Passed));
    }

    [Fact]
    public void Who_finds_nothing_does_not_pass_without_a_baseline_either_and_beating_who_does_is_told()
    {
        foreach (var evidence in new[] { new CandidateEvidence(200, 0.5, 200, 0), new CandidateEvidence(200, 1, 0, 200) })
        {
            var decision = GateRules.DecideWithoutBaseline(evidence, Known, new GateOptions { MinimumDice = 0 });
            Assert.False(decision.Passed);
            Assert.Equal([GateFlag.CandidateFindsNothing], decision.Flags);
        }

        Assert.True(GateRules.DecideWithoutBaseline(new CandidateEvidence(200, 0.9, 199, 199), Known, new GateOptions { MinimumDice = 0 }).Passed);
        var over = GateRules.Decide(Evidence(0.9, 0.8, 1, 0.001) with { BaselineMisses = 150 }, Known, new GateOptions());
        Assert.True(over.Passed);
        Assert.Equal([GateFlag.BaselineFindsNothing], over.Flags);
    }

    [Fact]
    public void A_score_that_is_no_number_is_never_weighed()
    {
        var pairs = new ScorePairs([0.5, double.NaN], [0.5, 0.5]);

        Assert.Throws<ArgumentException>(() => GateEvidence.Collect(pairs, 0, [], new GateOptions()));
        Assert.Throws<SettingsException>(() => GateRules.Decide(Evidence(0, 0, 0, 1), Known, new GateOptions { Margin = double.NaN }));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_few_photos_are_flipped_in_every_way()
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
