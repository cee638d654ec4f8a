using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Loads libtorch, once per process, from where it is installed. Call <see cref="EnsureLoaded"/> before the first use of <c>torch</c>:
/// otherwise TorchSharp's own loader writes to the console and copies 475 MB next to its assembly.
/// </summary>
public static class TorchRuntime
{
    // In the order of their dependencies: each finds the ones before it already loaded. Windows adds what these need, as libiomp5md.
    private static readonly string[] Libraries = ["c10", "torch_cpu", "torch"];
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, nint> Handles = new(StringComparer.OrdinalIgnoreCase);
    private static bool loaded;

    /// <summary>Whether libtorch is loaded in this process.</summary>
    public static bool IsLoaded => loaded;

    /// <summary>The folder that libtorch was loaded from, or null before that.</summary>
    public static string? LibTorchFolder { get; private set; }

    /// <summary>The files of libtorch that are loaded first, in this order.</summary>
    internal static IReadOnlyList<string> Files { get; } = [.. Libraries.Select(RuntimePlatform.LibraryFile)];

    /// <summary>Whether libtorch is installed on this machine; loads nothing.</summary>
    public static bool IsAvailable =>
        loaded || (LibTorchLocator.Find(out _) is not null && LibTorchLocator.FindTorchSharpLibrary() is not null);

    /// <summary>Loads libtorch and TorchSharp's native library, and tunes the allocator.</summary>
    /// <exception cref="RuntimeMissingException">libtorch is missing or does not load; the message says what to do.</exception>
    public static void EnsureLoaded()
    {
        if (loaded) return;
        lock (Gate)
        {
            if (loaded) return;
            var package = RuntimeCatalog.Current
                ?? throw new RuntimeMissingException(EnvironmentInspector.LibTorch, RuntimeCatalog.UnsupportedReason(RuntimePlatform.Rid));
            string folder = LibTorchLocator.Find(out var searched) ?? throw Missing(package, searched);
            string torchSharp = LibTorchLocator.FindTorchSharpLibrary() ?? throw new RuntimeMissingException(
                EnvironmentInspector.TorchSharp,
                $"This module does not contain TorchSharp's library for {RuntimePlatform.Rid}. Reinstall the module.");

            // All take effect only before the libraries are loaded and allocate their first block.
            NativeAllocator.Tune();
            ThreadWaiting.Relax();
            ConsoleInterrupts.Keep();
            string? temporary = null;
            try
            {
                LoadLibTorch(folder);
                NativeMessages.Limit(Handles[Libraries[0]]);
                Load("LibTorchSharp", TorchSharpLibrary.PathToLoad(torchSharp, out temporary));
            }
            catch (LibraryLoadException e)
            {
                throw new RuntimeMissingException(EnvironmentInspector.LibTorch, e.Message, e);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException
                or UnauthorizedAccessException or InvalidDataException)
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

    private static void LoadLibTorch(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (string name in Libraries) Load(name, Path.Combine(folder, RuntimePlatform.LibraryFile(name)));
            return;
        }

        foreach (string file in WindowsLibraries.LoadOrder(folder, Files))
        {
            // A second copy of Intel's OpenMP ends the process when the first has been used; any copy serves all.
            string name = Path.GetFileName(file);
            if (Files.Contains(name, StringComparer.OrdinalIgnoreCase) || !WindowsLibraries.IsLoaded(name))
            {
                Load(Path.GetFileNameWithoutExtension(file), file);
            }
        }
    }

    private static void Load(string name, string file) =>
        Handles[name] = OperatingSystem.IsWindows() ? WindowsLibraries.Load(file) : NativeLibrary.Load(file);

    private static RuntimeMissingException Missing(RuntimePackage package, IReadOnlyList<string> searched) => new(
        EnvironmentInspector.LibTorch,
        $"libtorch {package.Version} is not installed. Searched: {string.Join("; ", searched)}. " +
        "Training, -Precision BFloat16 and -Device Cuda need it; float32 prediction on the CPU does not. " +
        $"Run Install-WmsRuntime{Sizes(package)}; without network, pass {package.FileName} or a folder with libtorch to its -Source, " +
        $"or set {LibTorchLocator.PathVariable} to the folder.");

    private static string Sizes(RuntimePackage package) => package.PackageBytes == 0
        ? ""
        : FormattableString.Invariant(
            $" ({Megabytes.FromBytes(package.PackageBytes):0} MB to download, {Megabytes.FromBytes(package.UnpackedBytes):0} MB on disk)");

    private static RuntimeMissingException Broken(string folder, Exception inner) => new(
        EnvironmentInspector.LibTorch,
        $"Cannot load libtorch from '{folder}': {inner.Sentence()} " +
        $"Reinstall it with Install-WmsRuntime -Force, or set {LibTorchLocator.PathVariable} to another folder. " +
        "Test-WmsEnvironment shows what this machine is missing.",
        inner);
}
