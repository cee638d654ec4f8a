using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace WaterMeters.PowerShell.Isolation;

/// <summary>
/// The load context of everything in <c>deps/</c>: the engine and all packages with their native libraries, independent of what other
/// modules have loaded under the same names. Other assemblies come from the default context; WaterMeters.Records is one of them, so that
/// records have the same type on both sides.
/// </summary>
internal sealed class ModuleLoadContext(string folder) : AssemblyLoadContext("WaterMeters")
{
    // Windows returns a loaded library to any caller that uses its bare name, so ours have names that no one else uses.
    private const string OwnName = "WaterMeters.";

    /// <summary>The folder this context loads from.</summary>
    public string Folder { get; } = folder;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string file = Path.Combine(Folder, assemblyName.Name + ".dll");
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        // The engine chooses the variant of this library itself, in a handler that is called if no one else resolves it.
        if (unmanagedDllName.Contains("LibTorchSharp", StringComparison.OrdinalIgnoreCase)) return 0;

        string? file = NativeFiles(unmanagedDllName).FirstOrDefault(File.Exists);
        return file is null ? 0 : LoadUnmanagedDllFromPath(file);
    }

    private IEnumerable<string> NativeFiles(string name)
    {
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        var (system, prefix, suffix) =
            OperatingSystem.IsWindows() ? ("win", "", ".dll") :
            OperatingSystem.IsMacOS() ? ("osx", "lib", ".dylib") : ("linux", "lib", ".so");

        string[] files = name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
            ? [name]
            : name.StartsWith(prefix, StringComparison.Ordinal) ? [name + suffix, prefix + name + suffix] : [prefix + name + suffix];
        return from rid in new[] { $"{system}-{architecture}", system }
               from file in files
               from own in new[] { OwnName + file, file }
               select Path.Combine(Folder, "runtimes", rid, "native", own);
    }
}
