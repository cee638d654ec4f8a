using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Runtime;

/// <summary>The portable runtime identifier of this platform and its names of native libraries.</summary>
internal static class RuntimePlatform
{
    /// <summary>
    /// The portable runtime identifier, such as <c>linux-x64</c>, <c>linux-musl-x64</c> or <c>win-arm64</c>: the folder name in NuGet
    /// packages.
    /// </summary>
    public static string Rid { get; } =
        OperatingSystemName(RuntimeInformation.RuntimeIdentifier) + "-" + RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            Architecture.X86 => "x86",
            Architecture.Arm => "arm",
            var other => other.ToString().ToLowerInvariant(),
        };

    /// <summary>
    /// Returns the file name of a native library: <c>libc10.so</c>, <c>c10.dll</c> or <c>libc10.dylib</c> for <c>c10</c>.
    /// </summary>
    public static string LibraryFile(string name) =>
        OperatingSystem.IsWindows() ? name + ".dll" :
        OperatingSystem.IsMacOS() ? "lib" + name + ".dylib" :
        "lib" + name + ".so";

    /// <summary>
    /// Returns the first part of the identifier. A .NET built for musl has "linux-musl" in its own identifier, Alpine's own build "alpine".
    /// </summary>
    internal static string OperatingSystemName(string runtime) =>
        OperatingSystem.IsWindows() ? "win" :
        OperatingSystem.IsMacOS() ? "osx" :
        runtime.StartsWith("linux-musl", StringComparison.Ordinal) ? "linux-musl" :
        runtime.StartsWith("alpine", StringComparison.Ordinal) ? "linux-musl" :
        "linux";
}
