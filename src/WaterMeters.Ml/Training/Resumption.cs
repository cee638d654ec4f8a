using System.Globalization;
using System.Reflection;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Training;

/// <summary>Holds what a training is asked to do against what its checkpoint was made with.</summary>
internal static class Resumption
{
    /// <summary>Options that change no number of the result, or that <see cref="Differences"/> holds against each other by content.</summary>
    private static readonly HashSet<string> NotCompared =
    [
        nameof(TrainingOptions.DataPath), nameof(TrainingOptions.OutputPath), nameof(TrainingOptions.SplitPath),
        nameof(TrainingOptions.AugmentationThreads), nameof(TrainingOptions.CacheBytes), nameof(TrainingOptions.ModuleVersion),
    ];

    /// <summary>
    /// What is otherwise now, a phrase each: every option that changes the result, the photos, their split. Nothing when the
    /// numbers of an unbroken training are to be expected.
    /// </summary>
    /// <param name="state">The checkpoint's numbers.</param>
    /// <param name="now">The options now, with stages, precision and device chosen.</param>
    /// <param name="data">The data set now.</param>
    public static IReadOnlyList<string> Differences(TrainingState state, TrainingOptions now, DatasetContents data)
    {
        var found = new List<string>();
        foreach (var property in typeof(TrainingOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (NotCompared.Contains(property.Name)) continue;
            string before = Text(property.GetValue(state.Options)), after = Text(property.GetValue(now));
            if (before != after) found.Add($"{Singular(property.Name)} is {after} and was {before}");
        }

        if (state.DataDigest != data.Digest) found.Add("the photos are others than they were");
        else if (state.SplitDigest != data.SplitDigest) found.Add("the split of the photos is another than it was");
        return found;
    }

    /// <summary>Makes sure that a run goes on as it was begun.</summary>
    /// <param name="before">The checkpoint's numbers.</param>
    /// <param name="now">The options now, with stages, precision and device chosen.</param>
    /// <param name="data">The data set now.</param>
    /// <param name="otherwise">Whether it may go on otherwise, if only the network is the same.</param>
    /// <returns>What is otherwise, in a line; null when nothing is.</returns>
    /// <exception cref="TrainingException">Something is otherwise that may not be, and the message names it.</exception>
    public static string? DemandSame(TrainingState before, TrainingOptions now, DatasetContents data, bool otherwise)
    {
        var differences = Differences(before, now, data);
        if (differences.Count == 0) return null;
        string list = string.Join("; ", differences);
        bool sameNetwork = before.Options!.BaseChannels == now.BaseChannels;
        if (sameNetwork && otherwise) return list;
        string force = sameNetwork ? "use -Force to go on all the same" : "another network needs a run of its own";
        throw new TrainingException(now.OutputPath, $"The run in '{now.OutputPath}' was begun otherwise: {list}. Leave these parameters out to go on as it was begun, {force}, or name another -OutputPath.");
    }

    private static string Text(object? value) => value switch
    {
        IEnumerable<TrainingStage> stages => string.Join(',', stages),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    // As the parameter is called.
    private static string Singular(string name) => name == nameof(TrainingOptions.Stages) ? "Stage" : name;
}
