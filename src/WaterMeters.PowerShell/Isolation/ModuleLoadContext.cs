using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace WaterMeters.PowerShell.Isolation;

/// <summary>
/// The load context of everything in <c>deps/</c>: our engine and every package, natives included, whatever other
/// modules have loaded under the same names. Assemblies that are not in <c>deps/</c> come from the default context;
/// WaterMeters.Records is one of them, so that records have one type on both sides.
/// </summary>
internal sealed class ModuleLoadContext(string folder) : AssemblyLoadContext("WaterMeters")
{
    // Windows hands a library that is loaded to whoever asks for its bare name; so ours do not have the names that others ask for.
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
        // The engine itself decides in which form this one loads here, and answers when nobody else has.
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
