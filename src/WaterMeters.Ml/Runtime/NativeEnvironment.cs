using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// The environment that native code reads. .NET changes only its own copy, or on Windows that of the system; the C runtime has another,
/// which it copied when it was loaded.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable for this process, for .NET and for native code.</summary>
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        _ = OperatingSystem.IsWindows() ? PutEnvironment(name, value) : SetEnvironment(name, value, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_wputenv_s", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int PutEnvironment(string name, string value);
}
