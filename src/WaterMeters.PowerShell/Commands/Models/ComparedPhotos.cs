using System.Runtime.CompilerServices;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>
/// The photos behind each comparison of this session, as long as its record is alive. The record itself stays flat, and a report needs no
/// second run: it shows what was decided on, even if files have changed since.
/// </summary>
internal static class ComparedPhotos
{
    private static readonly ConditionalWeakTable<ModelComparison, IReadOnlyList<ImageComparison>> Known = [];

    /// <summary>Stores the photos of a comparison.</summary>
    public static void Keep(ModelComparison comparison, IReadOnlyList<ImageComparison> photos) => Known.AddOrUpdate(comparison, photos);

    /// <summary>Returns the photos of a comparison; none if it was made in another session.</summary>
    public static IReadOnlyList<ImageComparison> For(ModelComparison comparison) =>
        Known.TryGetValue(comparison, out var photos) ? photos : [];
}
