namespace WaterMeters.Ops.Tracking.Stores;

/// <summary>Which tracking store to use.</summary>
/// <param name="Address">A database (<c>sqlite:///...</c>) or a server (<c>http(s)://...</c>), which may have credentials in it.</param>
/// <param name="DatabasePath">Absolute path of the database; for a server, of the one that takes what the server did not.</param>
public sealed record TrackingPlace(string Address, string DatabasePath)
{
    /// <summary>Whether it is a server.</summary>
    public bool IsServer { get; init; }

    /// <summary>Where the address came from: <c>-TrackingUri</c>, <c>MLFLOW_TRACKING_URI</c>, a file, or <c>default</c>.</summary>
    public string Source { get; init; } = "default";
}
