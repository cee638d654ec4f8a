using System.Runtime.CompilerServices;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>
/// The photos that each comparison of this session rests on, for as long as somebody holds its record. The record itself stays flat, and a
/// report needs no second run: what it shows is what was decided on, though files may have changed since.
/// </summary>
internal static class ComparedPhotos
{
    private static readonly ConditionalWeakTable<ModelComparison, IReadOnlyList<ImageComparison>> Known = [];

    /// <summary>Remembers the photos of a comparison.</summary>
    public static void Keep(ModelComparison comparison, IReadOnlyList<ImageComparison> photos) => Known.AddOrUpdate(comparison, photos);

    /// <summary>The photos of a comparison; none when it was made elsewhere.</summary>
    public static IReadOnlyList<ImageComparison> For(ModelComparison comparison) => Known.TryGetValue(comparison, out var photos) ? photos : [];
}
