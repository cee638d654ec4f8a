using System.Diagnostics.CodeAnalysis;
using WaterMeters.Ml.Settings;
using WaterMeters.Ops.Tracking.Stores;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

// The store of runs and models, from -TrackingUri, the environment or the nearest wms.yaml.
public abstract partial class WmsCmdlet
{
    /// <summary>
    /// Chooses the tracking store: -TrackingUri, MLFLOW_TRACKING_URI, tracking.uri of the nearest wms.yaml, or else the nearest
    /// mlflow.db. Opens nothing. False after a failure, see <see cref="Fail"/>.
    /// </summary>
    /// <param name="trackingUri">The value of -TrackingUri; null if it was not given.</param>
    /// <param name="tracking">The store and the names used there.</param>
    /// <param name="warnOfFile">Whether to warn of unknown sections; false where the cmdlet has read the file for another section.</param>
    private protected bool TryTracking(string? trackingUri, [NotNullWhen(true)] out TrackingChoice? tracking, bool warnOfFile = true)
    {
        tracking = null;
        try
        {
            var file = NearestSettings(Location, warnOfFile ? WriteWarning : _ => { });
            var settings = TrackingSettings.Read(file, WriteWarning);
            if (trackingUri is not null && TrackingStores.IsFile(trackingUri))
            {
                if (!TryResolvePath(trackingUri.Trim(), out string path, out var error))
                {
                    Fail(error);
                    return false;
                }

                trackingUri = path;
            }

            tracking = new TrackingChoice(
                TrackingStores.Find(trackingUri, settings, Location, Environment.GetEnvironmentVariable), settings);
            return true;
        }
        catch (Exception e) when (e is SettingsException or TrackingException)
        {
            Fail(WmsErrors.From(e));
            return false;
        }
    }
}
