using System.Runtime.Intrinsics.X86;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>Looks at what this machine has of what the engine needs. It loads nothing and writes nothing.</summary>
public static class EnvironmentInspector
{
    /// <summary>Name of the check for libtorch itself.</summary>
    public const string LibTorch = "libtorch";

    /// <summary>Name of the check for TorchSharp's native library.</summary>
    public const string TorchSharp = "TorchSharp";

    /// <summary>Name of the check for ONNX Runtime.</summary>
    public const string OnnxRuntime = "ONNX Runtime";

    /// <summary>Name of the check for what the processor can do.</summary>
    public const string Processor = "Processor";

    /// <summary>Name of the check for memory.</summary>
    public const string Memory = "Memory";

    /// <summary>Name of the check for room on the disk of the user's cache.</summary>
    public const string Disk = "Disk";

    /// <summary>Memory, in bytes, that the standard recipe takes with room to spare; below it smaller batches are the way.</summary>
    private const long WishedMemory = 4L << 30;

    /// <summary>All checks.</summary>
    public static IReadOnlyList<EnvironmentCheck> Inspect() => [CheckLibTorch(), CheckTorchSharp(), CheckOnnxRuntime(), CheckProcessor(), CheckMemory(), CheckDisk()];

    private static EnvironmentCheck CheckLibTorch()
    {
        if (RuntimeCatalog.Own is not { } package)
        {
            return new() { Name = LibTorch, Status = EnvironmentStatus.Missing, Detail = $"None is published for {RuntimePlatform.Rid}.", Remedy = RuntimeCatalog.WhyNone(RuntimePlatform.Rid) };
        }

        string? named = Environment.GetEnvironmentVariable(LibTorchLocator.PathVariable);
        string? folder = LibTorchLocator.Find(out var asked);
        if (folder is null)
        {
            return new()
            {
                Name = LibTorch,
                Status = EnvironmentStatus.Missing,
                Detail = $"libtorch {package.Version} is in none of: {string.Join("; ", asked)}.",
                Remedy = package.PackageBytes == 0 ? "Install-WmsRuntime" : FormattableString.Invariant(
                    $"Install-WmsRuntime ({Megabytes.FromBytes(package.PackageBytes):0} MB to download, {Megabytes.FromBytes(package.UnpackedBytes):0} MB on disk)"),
            };
        }

        // The folders that the variable stands for come first.
        bool isNamed = !string.IsNullOrWhiteSpace(named) && asked.Take(2).Contains(folder);
        return new()
        {
            Name = LibTorch,
            Status = string.IsNullOrWhiteSpace(named) || isNamed ? EnvironmentStatus.Ok : EnvironmentStatus.Warning,
            Detail = isNamed
                ? $"In '{folder}', named by {LibTorchLocator.PathVariable}; this build belongs to {package.Version}."
                : $"{package.Version} in '{folder}'." + (string.IsNullOrWhiteSpace(named) ? "" : $" {LibTorchLocator.PathVariable} names '{named}', which holds none."),
            Remedy = string.IsNullOrWhiteSpace(named) || isNamed ? "" : $"Correct or remove {LibTorchLocator.PathVariable}.",
        };
    }

    private static EnvironmentCheck CheckTorchSharp()
    {
        string version = LibTorchLocator.TorchSharpVersion;
        if (LibTorchLocator.FindTorchSharpLibrary() is not { } library)
        {
            return new()
            {
                Name = TorchSharp,
                Status = EnvironmentStatus.Missing,
                Detail = $"TorchSharp {version} has no library for {RuntimePlatform.Rid} in this module.",
                Remedy = RuntimeCatalog.Own is null ? RuntimeCatalog.WhyNone(RuntimePlatform.Rid) : "Install the module anew.",
            };
        }

        if (RuntimeCatalog.OwnFault is { } fault)
        {
            return new() { Name = TorchSharp, Status = EnvironmentStatus.Missing, Detail = $"{version}, which is reported not to load on Windows.", Remedy = fault };
        }

        try
        {
            var lacking = TorchSharpLibrary.Lacking(library);
            return new()
            {
                Name = TorchSharp,
                Detail = lacking.Count == 0
                    ? $"{version}, loads as it is."
                    : $"{version}. This system's libstdc++ lacks {string.Join(", ", lacking)}, which no code of it needs: a copy that loads is kept in '{TorchSharpLibrary.CopyFolder}'.",
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new() { Name = TorchSharp, Status = EnvironmentStatus.Missing, Detail = $"'{library}' cannot be read: {e.Sentence()}", Remedy = "Install the module anew." };
        }
    }

    private static EnvironmentCheck CheckOnnxRuntime()
    {
        string file = RuntimePlatform.LibraryFile("onnxruntime");
        string folder = Path.Combine(Path.GetDirectoryName(typeof(EnvironmentInspector).Assembly.Location)!, "runtimes", RuntimePlatform.Rid, "native");

        // In the module native libraries have a name of their own: docs/decisions/private-native-library.md.
        bool there = File.Exists(Path.Combine(folder, "WaterMeters." + file)) || File.Exists(Path.Combine(folder, file));
        return new()
        {
            Name = OnnxRuntime,
            Status = there ? EnvironmentStatus.Ok : EnvironmentStatus.Missing,
            Detail = there ? "In the module: float32 on the processor needs no libtorch." : $"The module holds none for {RuntimePlatform.Rid}.",
            Remedy = there ? "" : "Predict on one of linux-x64, linux-arm64, win-x64, win-arm64, osx-arm64; Alpine and others with musl are none of them.",
        };
    }

    private static EnvironmentCheck CheckProcessor()
    {
        bool slow = X86Base.IsSupported && !Avx2.IsSupported;
        string vectors = Avx512F.IsSupported ? ", AVX-512" : Avx2.IsSupported ? ", AVX2" : "";
        string precision = ProcessorFeatures.HasBFloat16 ? "bfloat16 in hardware, which -Precision Auto takes where libtorch is there" : "no bfloat16 in hardware, so -Precision Auto computes in float32";
        return new()
        {
            Name = Processor,
            Status = slow ? EnvironmentStatus.Warning : EnvironmentStatus.Ok,
            Detail = $"{RuntimePlatform.Rid}, {Environment.ProcessorCount} threads{vectors}; {precision}.",
            Remedy = slow ? "Train on a machine whose processor has AVX2: without it a training takes many times as long." : "",
        };
    }

    private static EnvironmentCheck CheckMemory()
    {
        // What this process may have: a container's limit counts, not the machine's memory.
        long bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new()
        {
            Name = Memory,
            Status = bytes < WishedMemory ? EnvironmentStatus.Warning : EnvironmentStatus.Ok,
            Detail = FormattableString.Invariant($"{bytes / (double)(1L << 30):0.0} GB for this process."),
            Remedy = bytes < WishedMemory ? "Train with smaller batches or images (-Stage), and close other programs." : "",
        };
    }

    private static EnvironmentCheck CheckDisk()
    {
        string cache = RuntimeInstaller.DefaultDestination;
        bool present = LibTorchLocator.Find(out _) is not null;
        long needed = present || RuntimeCatalog.Own is not { } package ? 0 : package.PackageBytes + package.UnpackedBytes;
        long? free = DiskSpace.Free(cache);
        bool full = free < needed;
        return new()
        {
            Name = Disk,
            Status = full ? EnvironmentStatus.Warning : EnvironmentStatus.Ok,
            Detail = (free is { } f ? FormattableString.Invariant($"{Megabytes.FromBytes(f):0} MB free") : "How much is free is not known") +
                $" where the user's cache lies ('{cache}')" + (needed == 0 ? "." : FormattableString.Invariant($"; libtorch needs {Megabytes.FromBytes(needed):0} MB.")),
            Remedy = full ? "Make room, or install on another disk: Install-WmsRuntime -Path." : "",
        };
    }
}
