using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Which messages libtorch writes to the standard error of the process. Its warnings are about the choice of a kernel, such as "Could not
/// initialize NNPACK! Reason: Unsupported hardware" on some processors. No cmdlet can catch them, and Start-Job turns each into an error.
/// </summary>
internal static class NativeMessages
{
    private const string Level = "FLAGS_caffe2_log_level"; // c10/util/Logging.h; exported under this name but on Windows
    private const int Error = 2;

    /// <summary>Leaves errors only, unless the user has set a level. Call once, when libtorch is loaded.</summary>
    /// <param name="core">The handle of c10.</param>
    public static void Limit(nint core)
    {
        if (Environment.GetEnvironmentVariable("TORCH_CPP_LOG_LEVEL") is not null) return;
        if (NativeLibrary.TryGetExport(core, Level, out nint level)) Marshal.WriteInt32(level, Error);
    }

    /// <summary>Returns the level in force; null if this libtorch does not tell it.</summary>
    /// <param name="core">The handle of c10.</param>
    internal static int? Current(nint core) => NativeLibrary.TryGetExport(core, Level, out nint level) ? Marshal.ReadInt32(level) : null;
}
