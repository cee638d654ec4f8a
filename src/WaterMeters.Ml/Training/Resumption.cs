using System.Globalization;
using System.Reflection;
using WaterMeters.Ml.Datasets;

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

    private static string Text(object? value) => value switch
    {
        IEnumerable<TrainingStage> stages => string.Join(',', stages),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    // As the parameter is called.
    private static string Singular(string name) => name == nameof(TrainingOptions.Stages) ? "Stage" : name;
}
