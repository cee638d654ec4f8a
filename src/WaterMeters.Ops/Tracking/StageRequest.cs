using System.Globalization;

namespace WaterMeters.Ops.Tracking;

/// <summary>A change of stage to be made.</summary>
public sealed record StageRequest
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>Version number.</summary>
    public required int Version { get; init; }

    /// <summary>The new stage.</summary>
    public required RegistryStage Stage { get; init; }

    /// <summary>Whether the other versions in <see cref="Stage"/> become Archived; only for Staging and Production.</summary>
    public bool ArchiveOthers { get; init; }

    /// <summary>
    /// The only versions that may be in <see cref="Stage"/> now, besides the version itself: those that it was compared with. Null: any.
    /// </summary>
    public IReadOnlyCollection<int>? MayReplace { get; init; }

    /// <summary>An alias that is set to the version together with the stage; null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>Who asks for it.</summary>
    public required string By { get; init; }

    /// <summary>
    /// When; recorded in milliseconds, after the changes of the model that are recorded already (<see cref="StageHistory.TimeAfter"/>).
    /// </summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Why; may be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Checks the versions that are in the stage, just before it changes.</summary>
    /// <param name="others">The other versions in <see cref="Stage"/>.</param>
    /// <exception cref="TrackingException"><see cref="TrackingFault.Refused"/>: one is not in <see cref="MayReplace"/>.</exception>
    internal void CheckReplaced(IEnumerable<ModelVersion> others)
    {
        if (MayReplace is not { } allowed || others.FirstOrDefault(other => !allowed.Contains(other.Version)) is not { } other) return;
        string number = Version.ToString(CultureInfo.InvariantCulture);
        throw new TrackingException(
            TrackingFault.Refused,
            number,
            $"The model was registered as version {number}, but not put into {Stage}: version "
                + $"{other.Version.ToString(CultureInfo.InvariantCulture)} came there while it was being compared. Compare them with "
                + $"Compare-WmsModel, then use Set-WmsModelStage {number} {Stage}.");
    }
}
