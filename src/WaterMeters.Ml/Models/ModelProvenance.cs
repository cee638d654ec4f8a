using System.Collections.Frozen;
using WaterMeters.Ml.Datasets;

namespace WaterMeters.Ml.Models;

/// <summary>Which photos a model has seen, by the SHA-256 of their files (64 lower-case hexadecimal digits).</summary>
/// <param name="TrainingPhotos">The photos it was trained on.</param>
/// <param name="ValidationPhotos">The photos that its best epoch was chosen by.</param>
/// <param name="DatasetDigest">The digest of the whole data set.</param>
/// <param name="SplitDigest">The digest of the split of that data set.</param>
public sealed record ModelProvenance(
    IReadOnlyList<string> TrainingPhotos, IReadOnlyList<string> ValidationPhotos, string DatasetDigest, string SplitDigest)
{
    private readonly Lazy<FrozenSet<string>> seen =
        new(() => TrainingPhotos.Concat(ValidationPhotos).ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>Returns whether the model has seen this photo, under any hash that its file had, or one that resembles it.</summary>
    public bool HasSeen(HashedPair photo) => HasSeen(photo.Hash) || photo.Others.Any(HasSeen);

    /// <summary>Returns whether the model has seen the photo with this file hash.</summary>
    public bool HasSeen(string hash) => seen.Value.Contains(hash);
}
