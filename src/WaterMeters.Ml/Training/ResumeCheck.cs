using System.Globalization;
using System.Reflection;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Training;

/// <summary>Compares the settings, photos and split of a training with those of the checkpoint it resumes from.</summary>
internal static class ResumeCheck
{
    /// <summary>Options that change no number of the result, or whose content <see cref="Differences"/> compares by digest.</summary>
    private static readonly HashSet<string> NotCompared =
    [
        nameof(TrainingOptions.DataPath), nameof(TrainingOptions.OutputPath), nameof(TrainingOptions.SplitPath),
        nameof(TrainingOptions.AugmentationThreads), nameof(TrainingOptions.CacheBytes), nameof(TrainingOptions.ModuleVersion),
        nameof(TrainingOptions.Plan),
    ];

    /// <summary>
    /// Lists every change that affects the result, one phrase each: options, photos, split. When the list is empty, a resumed training
    /// computes the numbers of an uninterrupted one.
    /// </summary>
    /// <param name="before">The checkpoint's state.</param>
    /// <param name="now">The options now, with stages, precision and device chosen.</param>
    /// <param name="data">The data set now.</param>
    public static IReadOnlyList<string> Differences(CheckpointState before, TrainingOptions now, DatasetContents data)
    {
        var found = new List<string>();
        foreach (var property in typeof(TrainingOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (NotCompared.Contains(property.Name)) continue;
            string oldValue = Text(property.GetValue(before.Options)), newValue = Text(property.GetValue(now));
            if (oldValue != newValue) found.Add($"{ParameterName(property.Name)} is {newValue} and was {oldValue}");
        }

        if (before.DataDigest != data.Digest) found.Add("the photos changed");
        else if (before.SplitDigest != data.SplitDigest) found.Add("the split of the photos changed");
        return found;
    }

    /// <summary>Ensures that a run resumes with unchanged settings, or that its changes are allowed.</summary>
    /// <param name="before">The checkpoint's state.</param>
    /// <param name="now">The options now, with stages, precision and device chosen.</param>
    /// <param name="data">The data set now.</param>
    /// <param name="allowChanges">Whether changes are allowed; the network must be the same in any case.</param>
    /// <returns>The changes in one line; null when there are none.</returns>
    /// <exception cref="TrainingException">There are changes that are not allowed; the message lists them.</exception>
    public static string? Ensure(CheckpointState before, TrainingOptions now, DatasetContents data, bool allowChanges)
    {
        var differences = Differences(before, now, data);
        if (differences.Count == 0) return null;
        string list = string.Join("; ", differences);
        bool sameNetwork = before.Options!.BaseChannels == now.BaseChannels;
        if (sameNetwork && allowChanges) return list;
        string remedy = sameNetwork
            ? "Restore them, use -Force to continue anyway, or choose another -OutputPath."
            : "Restore them, or choose another -OutputPath: a checkpoint fits only a network with the same BaseChannels.";
        throw new TrainingException(now.OutputPath, $"Cannot resume '{now.OutputPath}' because these settings changed: {list}. {remedy}");
    }

    private static string Text(object? value) => value switch
    {
        IEnumerable<TrainingStage> stages => string.Join(',', stages),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string ParameterName(string property) => property == nameof(TrainingOptions.Stages) ? "Stage" : property;
}
