using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Tests;

/// <summary>For tests of what Windows does and Wine, in which the tests run on Linux as Windows programs, does not.</summary>
internal static class WindowsSystem
{
    /// <summary>Whether this is Wine: its system library says so.</summary>
    public static bool IsWine { get; } = OperatingSystem.IsWindows()
        && NativeLibrary.TryLoad("ntdll.dll", out nint system) && NativeLibrary.TryGetExport(system, "wine_get_version", out _);

    /// <summary>Whether this is Linux.</summary>
    public static bool IsLinux => OperatingSystem.IsLinux();

    /// <summary>Whether this is Windows itself.</summary>
    public static bool IsGenuine => OperatingSystem.IsWindows() && !IsWine;
}
