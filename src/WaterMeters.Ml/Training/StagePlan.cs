namespace WaterMeters.Ml.Training;

/// <summary>How stages are chosen that are not given one by one: a preset, and changes to the numbers of its stages.</summary>
public sealed record StagePlan
{
    private const int SizeStep = 16, LargestSize = 4096;

    /// <summary>The preset; null keeps the stages, or takes <see cref="TrainingPreset.Standard"/> if there are none.</summary>
    public TrainingPreset? Preset { get; init; }

    /// <summary>Epochs of all stages together; null keeps them.</summary>
    public int? Epochs { get; init; }

    /// <summary>Image size of the last stage, pixels; the sizes of the others change in proportion. Null keeps them.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Photos in a step, of all stages; null keeps them.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Checks the ranges of the numbers.</summary>
    /// <exception cref="SettingsException">A number is out of range; the message names the parameter and the range.</exception>
    public void Check()
    {
        Check(nameof(Epochs), Epochs, Epochs is null or >= 1, "at least 1");
        Check(nameof(BatchSize), BatchSize, BatchSize is null or >= 1, "at least 1");
        Check(
            nameof(ImageSize), ImageSize, ImageSize is null || (ImageSize is >= SizeStep and <= LargestSize && ImageSize % SizeStep == 0),
            FormattableString.Invariant($"a multiple of {SizeStep} from {SizeStep} to {LargestSize}"));
    }

    /// <summary>Returns the stages of a training on so many photos.</summary>
    /// <param name="stages">The stages of the options; empty if they have none.</param>
    /// <param name="trainingPhotos">Number of training photos.</param>
    public IReadOnlyList<TrainingStage> Apply(IReadOnlyList<TrainingStage> stages, int trainingPhotos)
    {
        if (Preset is not null || stages.Count == 0) stages = Recipe.StagesFor(trainingPhotos, Preset ?? TrainingPreset.Standard);
        if (Epochs is { } epochs) stages = WithEpochs(stages, epochs);
        int last = stages[^1].Size;
        return
        [
            .. stages.Select(s => new TrainingStage(
                ImageSize is { } size ? Math.Max(SizeStep, SizeStep * (int)Math.Round((double)s.Size * size / last / SizeStep)) : s.Size,
                s.Epochs,
                BatchSize ?? s.BatchSize)),
        ];
    }

    /// <summary>
    /// Distributes epochs over the stages in proportion to those they have, at least one each: whole parts first, then to the largest
    /// remainders. Fewer epochs than stages leave only the last stages.
    /// </summary>
    private static TrainingStage[] WithEpochs(IReadOnlyList<TrainingStage> stages, int epochs)
    {
        if (epochs <= stages.Count) return [.. stages.TakeLast(epochs).Select(s => new TrainingStage(s.Size, 1, s.BatchSize))];
        double total = stages.Sum(s => (double)s.Epochs);
        double[] shares = [.. stages.Select(s => epochs * (s.Epochs / total))];
        int[] given = [.. shares.Select(share => Math.Max(1, (int)share))];
        while (given.Sum() < epochs) given[Best(i => shares[i] - given[i])]++;
        while (given.Sum() > epochs) given[Best(i => given[i] > 1 ? given[i] - shares[i] : double.NegativeInfinity)]--;
        return [.. stages.Select((s, i) => new TrainingStage(s.Size, given[i], s.BatchSize))];

        int Best(Func<int, double> value) => Enumerable.Range(0, given.Length).MaxBy(value);
    }

    private static void Check(string name, int? value, bool isValid, string range)
    {
        if (!isValid) throw new SettingsException(name, FormattableString.Invariant($"{name} is {value}. Use {range}."));
    }
}
