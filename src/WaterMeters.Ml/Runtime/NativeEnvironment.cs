using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// The environment that native code reads. Except on Windows, .NET changes only its own copy, which native libraries do not see.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable for this process, for .NET and for native code.</summary>
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows()) _ = SetEnvironment(name, value, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
