using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

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

    /// <summary>Whether libtorch can be found on this machine; loads nothing.</summary>
    public static bool IsAvailable => loaded || (LibTorchLocator.Find(out _) is not null && LibTorchLocator.FindTorchSharpLibrary() is not null);

    /// <summary>Loads libtorch and TorchSharp's native library, and tunes the allocator.</summary>
    /// <exception cref="RuntimeMissingException">libtorch is not there or does not load; the message says how to get it.</exception>
    public static void EnsureLoaded()
    {
        if (loaded) return;
        lock (Gate)
        {
            if (loaded) return;
            string folder = LibTorchLocator.Find(out var asked) ?? throw Missing(asked);
            string torchSharp = LibTorchLocator.FindTorchSharpLibrary() ?? throw new RuntimeMissingException(
                $"This build of WaterMeters holds no TorchSharp library for {RuntimePlatform.Rid}, so it cannot train here. Use one of linux-x64, win-x64, win-arm64, osx-arm64.");

            // Both are read when the libraries are loaded or with their first block.
            NativeAllocator.Tune();
            ThreadWaiting.Relax();
            try
            {
                foreach (string name in Libraries) Load(name, Path.Combine(folder, RuntimePlatform.LibraryFile(name)));
                Load("LibTorchSharp", TorchSharpLibrary.Loadable(torchSharp));
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw Broken(folder, e);
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

    private static RuntimeMissingException Missing(IReadOnlyList<string> asked) => new(
        $"libtorch {LibTorchLocator.Version}, which training, measuring, comparing and predicting need, is not on this machine. " +
        $"Take the folder runtimes/{RuntimePlatform.Rid}/native out of the NuGet package {LibTorchLocator.PackageName} {LibTorchLocator.Version} " +
        $"and name it in {LibTorchLocator.PathVariable}, or put its files into '{LibTorchLocator.UserCache}'. " +
        $"Looked in: {string.Join("; ", asked)}.");

    private static RuntimeMissingException Broken(string folder, Exception inner) => new(
        OperatingSystem.IsWindows() && LibTorchLocator.Version == "2.10.0"
            ? $"libtorch in '{folder}' does not load: {inner.Message} TorchSharp 0.107.0 does not load on Windows with libtorch 2.10.0 (dotnet/TorchSharp issue 1567). " +
              $"Build the module with -p:TorchSharpVersion=0.105.2 -p:LibTorchVersion=2.7.1 and name the folder of that libtorch in {LibTorchLocator.PathVariable}."
            : $"libtorch in '{folder}' does not load: {inner.Message} Name another folder in {LibTorchLocator.PathVariable}, or remove this one and restore it.",
        inner);
}
