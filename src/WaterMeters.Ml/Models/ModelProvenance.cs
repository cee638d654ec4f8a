using System.Collections.Frozen;
using WaterMeters.Ml.Datasets;

namespace WaterMeters.Ml.Models;

/// <summary>Which photos a model has seen, by the SHA-256 of their files (64 lower-case hexadecimal digits).</summary>
/// <param name="TrainingPhotos">Photos it learnt from.</param>
/// <param name="ValidationPhotos">Photos its best epoch was chosen by.</param>
/// <param name="DatasetDigest">Digest of the whole data set it came from.</param>
/// <param name="SplitDigest">Digest of the assignment of that data set's photos to their parts.</param>
public sealed record ModelProvenance(
    IReadOnlyList<string> TrainingPhotos, IReadOnlyList<string> ValidationPhotos, string DatasetDigest, string SplitDigest)
{
    private readonly Lazy<FrozenSet<string>> seen =
        new(() => TrainingPhotos.Concat(ValidationPhotos).ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether the model was trained on this photo or chosen by it, under any hash that its file had, or on one that resembles it.</summary>
    public bool HasSeen(HashedPair photo) => HasSeen(photo.Hash) || photo.Others.Any(HasSeen);

    /// <summary>Whether the model was trained on the photo of this very file or chosen by it.</summary>
    public bool HasSeen(string hash) => seen.Value.Contains(hash);
}
