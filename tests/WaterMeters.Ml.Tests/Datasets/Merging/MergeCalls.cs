using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Merging;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Datasets.Duplicates;

namespace WaterMeters.Ml.Tests.Datasets.Merging;

/// <summary>Sample data sets and the calls that merge them.</summary>
internal static class MergeCalls
{
    public static TempFolder Drawn(int count, int seed)
    {
        var folder = new TempFolder();
        _ = SampleDataset.Write(folder.Path, new SampleOptions { Count = count, Size = 128, Seed = seed }).Count();
        return folder;
    }

    public static void AddPrefix(TempFolder folder, string prefix)
    {
        foreach (string file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, prefix + Path.GetFileName(file)));
        }
    }

    /// <summary>Returns a data set of the first photos, each saved again, with their masks.</summary>
    public static TempFolder NearDuplicates(TempFolder data, int count)
    {
        var folder = new TempFolder();
        Directory.CreateDirectory(folder["images"]);
        Directory.CreateDirectory(folder["masks"]);
        for (int i = 1; i <= count; i++)
        {
            string name = FormattableString.Invariant($"sample_{i:0000}");
            File.WriteAllBytes(folder["images", $"near_{name}.jpg"], PhotoCopy.SavedAgain(data["images", name + ".jpg"], 60 + i));
            File.Copy(data["masks", name + ".png"], folder["masks", $"near_{name}.png"]);
        }

        return folder;
    }

    public static Dictionary<string, DatasetSplit> SplitsIn(string folder) =>
        DatasetContents.Read(folder, null, TestContext.Current.CancellationToken).Pairs.ToDictionary(p => p.Pair.Name, p => p.Split);

    public static MergePlan Plan(string data, bool rename, params string[] sources) =>
        new DatasetMerger(data, CheckSettings.Default, rename).Plan(sources, e => throw e, null, TestContext.Current.CancellationToken);

    public static List<DatasetMerge> Apply(MergePlan plan, Action<string>? verbose) =>
    [
        .. plan.Steps.Where(s => !s.IsCopied).Select(s => s.Record),
        .. plan.Apply([.. plan.Steps.Where(s => s.IsCopied)], verbose, TestContext.Current.CancellationToken),
    ];

    public static List<DatasetMerge> Merge(string data, params string[] sources) => Merge(data, false, sources);

    public static List<DatasetMerge> Merge(string data, bool rename, params string[] sources) => Apply(Plan(data, rename, sources), null);
}
