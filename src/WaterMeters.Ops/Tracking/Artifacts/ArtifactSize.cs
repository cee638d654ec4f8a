using System.Globalization;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Tracking.Artifacts;

/// <summary>
/// Compares what arrived with what a list says. A server that streams a file may end early without an error: then only the size tells
/// that the file is not whole.
/// </summary>
internal static class ArtifactSize
{
    /// <summary>Checks the size of a complete download.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.WrongDigest"/>.</exception>
    public static void Check(string path, long bytes, long? expected)
    {
        if (expected is null || bytes == expected) return;
        throw new TrackingException(TrackingFault.WrongDigest, path, string.Create(
            CultureInfo.InvariantCulture,
            $"The artifact '{path}' has {bytes} bytes and should have {expected}: it is incomplete or was replaced. Try again."));
    }

    /// <summary>Creates the error of a download that was cut too often.</summary>
    public static TrackingException Interrupted(string path, InterruptedDownloadException e) => new(
        TrackingFault.Unreachable,
        path,
        FormattableString.Invariant($"The download of the artifact '{path}' was interrupted after {e.Bytes} bytes: {e.Message}. ")
            + "Nothing was kept. Check the server and the network, and try again.",
        e);
}
