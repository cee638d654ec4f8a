namespace WaterMeters.TrackingClient;

/// <summary>Leads tests to this program's file.</summary>
public static class Marker
{
}
