using System.Globalization;
using System.Runtime.Intrinsics.X86;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>Checks whether this machine has what the engines need. Loads nothing and writes nothing.</summary>
public static class EnvironmentInspector
{
    /// <summary>Name of the check for libtorch itself.</summary>
    public const string LibTorch = "libtorch";

    /// <summary>Name of the check for TorchSharp's native library.</summary>
    public const string TorchSharp = "TorchSharp";

    /// <summary>Name of the check for ONNX Runtime.</summary>
    public const string OnnxRuntime = "ONNX Runtime";

    /// <summary>Name of the check for processor features.</summary>
    public const string Processor = "Processor";

    /// <summary>Name of the check for memory.</summary>
    public const string Memory = "Memory";

    /// <summary>Name of the check for free space on the disk of the user's cache.</summary>
    public const string Disk = "Disk";

    /// <summary>Bytes of memory that the default recipe needs with a margin; with less, use smaller batches.</summary>
    private const long RecommendedMemory = 4L << 30;

    /// <summary>Runs all checks.</summary>
    public static IReadOnlyList<EnvironmentCheck> Inspect() =>
        [CheckLibTorch(), CheckTorchSharp(), CheckOnnxRuntime(), CheckProcessor(), CheckMemory(), CheckDisk()];

    private static EnvironmentCheck CheckLibTorch()
    {
        if (RuntimeCatalog.Current is not { } package)
        {
            return new()
            {
                Name = LibTorch,
                Status = EnvironmentStatus.Missing,
                Detail = $"Not published for {RuntimePlatform.Rid}.",
                Remedy = RuntimeCatalog.UnsupportedReason(RuntimePlatform.Rid),
            };
        }

        string? named = Environment.GetEnvironmentVariable(LibTorchLocator.PathVariable);
        string? folder = LibTorchLocator.Find(out var searched);
        if (folder is null)
        {
            return new()
            {
                Name = LibTorch,
                Status = EnvironmentStatus.Missing,
                Detail = $"libtorch {package.Version} is not installed. Searched: {string.Join("; ", searched)}.",
                Remedy = package.PackageBytes == 0 ? "Install-WmsRuntime" : string.Create(CultureInfo.InvariantCulture,
                    $"Install-WmsRuntime ({Megabytes.FromBytes(package.PackageBytes):0} MB to download, " +
                    $"{Megabytes.FromBytes(package.UnpackedBytes):0} MB on disk)"),
            };
        }

        // The two folders from the variable come first.
        bool isNamed = !string.IsNullOrWhiteSpace(named) && searched.Take(2).Contains(folder);
        var check = new EnvironmentCheck
        {
            Name = LibTorch,
            Status = string.IsNullOrWhiteSpace(named) || isNamed ? EnvironmentStatus.Ok : EnvironmentStatus.Warning,
            Detail = isNamed
                ? $"In '{folder}', from {LibTorchLocator.PathVariable}; this build needs {package.Version}."
                : $"{package.Version} in '{folder}'." + (string.IsNullOrWhiteSpace(named)
                    ? ""
                    : $" {LibTorchLocator.PathVariable} is '{named}', which does not contain libtorch."),
            Remedy = string.IsNullOrWhiteSpace(named) || isNamed ? "" : $"Correct or remove {LibTorchLocator.PathVariable}.",
        };
        return WindowsNeeds.Add(check, TorchRuntime.Files.Select(f => Path.Combine(folder, f)), null, WindowsLoadFault.Reinstall);
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
                Detail = $"This module does not contain the library of TorchSharp {version} for {RuntimePlatform.Rid}.",
                Remedy = RuntimeCatalog.Current is null ? RuntimeCatalog.UnsupportedReason(RuntimePlatform.Rid) : "Reinstall the module.",
            };
        }

        try
        {
            var missing = TorchSharpLibrary.MissingVersions(library);
            var check = new EnvironmentCheck
            {
                Name = TorchSharp,
                Detail = missing.Count == 0
                    ? $"{version}; loads unchanged."
                    : $"{version}. This system's libstdc++ does not have {string.Join(", ", missing)}, which TorchSharp requests but " +
                      $"does not use: a copy without this request is loaded from '{TorchSharpLibrary.CopyFolder}'.",
            };

            // It needs libtorch too, which is a check of its own.
            return LibTorchLocator.Find(out _) is { } folder
                ? WindowsNeeds.Add(check, [library], folder, "Reinstall the module.")
                : check;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new()
            {
                Name = TorchSharp,
                Status = EnvironmentStatus.Missing,
                Detail = $"Cannot read '{library}': {e.Sentence()}",
                Remedy = "Reinstall the module.",
            };
        }
    }

    private static EnvironmentCheck CheckOnnxRuntime()
    {
        string file = RuntimePlatform.LibraryFile("onnxruntime");
        string home = Path.GetDirectoryName(typeof(EnvironmentInspector).Assembly.Location)!;
        string folder = Path.Combine(home, "runtimes", RuntimePlatform.Rid, "native");

        // In the module, native libraries are renamed: docs/decisions/private-native-library.md.
        string[] names = ["WaterMeters." + file, file];
        string? library = names.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);
        bool present = library is not null;
        var check = new EnvironmentCheck
        {
            Name = OnnxRuntime,
            Status = present ? EnvironmentStatus.Ok : EnvironmentStatus.Missing,
            Detail = present
                ? "In the module; float32 prediction on the CPU does not need libtorch."
                : $"This module does not contain it for {RuntimePlatform.Rid}.",
            Remedy = present
                ? ""
                : "Predict on linux-x64, linux-arm64, win-x64, win-arm64 or osx-arm64. Alpine and other musl-based Linux are not " +
                  "supported.",
        };
        return present ? WindowsNeeds.Add(check, [library!], null, "Reinstall the module.") : check;
    }

    private static EnvironmentCheck CheckProcessor()
    {
        bool slow = X86Base.IsSupported && !Avx2.IsSupported;
        string vectors = Avx512F.IsSupported ? ", AVX-512" : Avx2.IsSupported ? ", AVX2" : "";
        string precision = ProcessorFeatures.HasBFloat16
            ? "bfloat16 in hardware, used by -Precision Auto when libtorch is installed"
            : "no bfloat16 in hardware, so -Precision Auto uses float32";
        return new()
        {
            Name = Processor,
            Status = slow ? EnvironmentStatus.Warning : EnvironmentStatus.Ok,
            Detail = $"{RuntimePlatform.Rid}, {Environment.ProcessorCount} threads{vectors}; {precision}.",
            Remedy = slow ? "Train on a machine with AVX2: training takes many times as long without it." : "",
        };
    }

    private static EnvironmentCheck CheckMemory()
    {
        // The limit of this process: in a container less than the machine's memory.
        long bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new()
        {
            Name = Memory,
            Status = bytes < RecommendedMemory ? EnvironmentStatus.Warning : EnvironmentStatus.Ok,
            Detail = FormattableString.Invariant($"{bytes / (double)(1L << 30):0.0} GB for this process."),
            Remedy = bytes < RecommendedMemory ? "Train with smaller batches or images (-Stage), and close other programs." : "",
        };
    }

    private static EnvironmentCheck CheckDisk()
    {
        string cache = RuntimeInstaller.DefaultDestination;
        bool installed = LibTorchLocator.Find(out _) is not null;
        long needed = installed || RuntimeCatalog.Current is not { } package ? 0 : package.PackageBytes + package.UnpackedBytes;
        long? free = DiskSpace.Free(cache);
        bool full = free < needed;
        return new()
        {
            Name = Disk,
            Status = full ? EnvironmentStatus.Warning : EnvironmentStatus.Ok,
            Detail = (free is { } f ? FormattableString.Invariant($"{Megabytes.FromBytes(f):0} MB free") : "Free space unknown") +
                $" on the disk of the user's cache ('{cache}')" + (needed == 0
                    ? "."
                    : FormattableString.Invariant($"; libtorch needs {Megabytes.FromBytes(needed):0} MB.")),
            Remedy = full ? "Free disk space, or install on another disk with Install-WmsRuntime -OutputPath." : "",
        };
    }
}
