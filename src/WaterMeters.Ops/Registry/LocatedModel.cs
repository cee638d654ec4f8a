using System.Globalization;

namespace WaterMeters.Ops.Registry;

/// <summary>A model of a registry as a file on this machine.</summary>
/// <param name="Path">Absolute path of the file.</param>
/// <param name="Name">Name of the registered model, or of the run.</param>
/// <param name="Version">Version number; null for a run that has no version.</param>
public sealed record LocatedModel(string Path, string Name, int? Version)
{
    /// <summary>The name for display and for files that are made from it: <c>water-meter-segmentation-3</c>.</summary>
    public string Label => Version is { } version ? string.Create(CultureInfo.InvariantCulture, $"{Name}-{version}") : Name;
}
