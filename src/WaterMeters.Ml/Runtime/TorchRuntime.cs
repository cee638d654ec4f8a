using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Loads libtorch, once per process, from where it lies. Call <see cref="EnsureLoaded"/> before the first touch of
/// <c>torch</c>: TorchSharp's own loader writes to the console and copies 475 MB beside its assembly when it does not find it.
/// </summary>
public static class TorchRuntime
{
    // The order is that of their dependencies: each finds the ones before it already in the process.
    private static readonly string[] Libraries = ["c10", "torch_cpu", "torch"];
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, nint> Handles = new(StringComparer.OrdinalIgnoreCase);
    private static bool loaded;

    /// <summary>Whether libtorch is in this process.</summary>
    public static bool IsLoaded => loaded;

    /// <summary>The folder that libtorch was loaded from, or null before that.</summary>
    public static string? LibTorchFolder { get; private set; }

    /// <summary>Whether libtorch can be found on this machine and nothing is known that keeps it from loading; loads nothing.</summary>
    public static bool IsAvailable => loaded
        || (RuntimeCatalog.OwnFault is null && LibTorchLocator.Find(out _) is not null && LibTorchLocator.FindTorchSharpLibrary() is not null);

    /// <summary>Loads libtorch and TorchSharp's native library, and tunes the allocator.</summary>
    /// <exception cref="RuntimeMissingException">libtorch is not there or does not load; the message says how to get it.</exception>
    public static void EnsureLoaded()
    {
        if (loaded) return;
        lock (Gate)
        {
            if (loaded) return;
            var package = RuntimeCatalog.Own ?? throw new RuntimeMissingException(EnvironmentInspector.LibTorch, RuntimeCatalog.WhyNone(RuntimePlatform.Rid));
            string folder = LibTorchLocator.Find(out var asked) ?? throw Missing(package, asked);
            string torchSharp = LibTorchLocator.FindTorchSharpLibrary() ?? throw new RuntimeMissingException(
                EnvironmentInspector.TorchSharp, $"This copy of WaterMeters lacks TorchSharp's library for {RuntimePlatform.Rid}. Install the module anew.");

            // Both are read when the libraries are loaded or with their first block.
            NativeAllocator.Tune();
            ThreadWaiting.Relax();
            string? temporary = null;
            try
            {
                foreach (string name in Libraries) Load(name, Path.Combine(folder, RuntimePlatform.LibraryFile(name)));
                Load("LibTorchSharp", TorchSharpLibrary.Loadable(torchSharp, out temporary));
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw Broken(folder, e);
            }
            finally
            {
                if (temporary is not null) Directory.Delete(temporary, recursive: true);
            }

            var assembly = typeof(torch).Assembly;
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => Handle(name));
            AssemblyLoadContext.GetLoadContext(assembly)!.ResolvingUnmanagedDll += (_, name) => Handle(name);
            LibTorchFolder = folder;
            loaded = true;
        }
    }

    private static nint Handle(string name)
    {
        string bare = Path.GetFileNameWithoutExtension(name);
        if (!OperatingSystem.IsWindows() && bare.StartsWith("lib", StringComparison.Ordinal)) bare = bare[3..];
        return Handles.GetValueOrDefault(bare);
    }

    private static void Load(string name, string file) => Handles[name] = NativeLibrary.Load(file);

    private static RuntimeMissingException Missing(RuntimePackage package, IReadOnlyList<string> asked) => new(
        EnvironmentInspector.LibTorch,
        $"libtorch {package.Version} is not on this machine: it is in none of {string.Join("; ", asked)}. " +
        "Training needs it, and so do -Precision BFloat16 and -Device Cuda; float32 on the processor does not. " +
        $"Run Install-WmsRuntime{Sizes(package)}; without network, name the file {package.FileName} or a folder with libtorch by its -Source, " +
        $"or in {LibTorchLocator.PathVariable}." +
        (RuntimeCatalog.OwnFault is { } fault ? " But first: " + fault : ""));

    private static string Sizes(RuntimePackage package) => package.PackageBytes == 0
        ? ""
        : FormattableString.Invariant($" ({Megabytes.FromBytes(package.PackageBytes):0} MB to download, {Megabytes.FromBytes(package.UnpackedBytes):0} MB on disk)");

    private static RuntimeMissingException Broken(string folder, Exception inner) => new(
        EnvironmentInspector.LibTorch,
        $"libtorch in '{folder}' does not load: {inner.Sentence()} " +
        (RuntimeCatalog.OwnFault
            ?? $"Install it anew with Install-WmsRuntime -Force, or name another folder in {LibTorchLocator.PathVariable}; Test-WmsEnvironment says what this machine lacks."),
        inner);
}
