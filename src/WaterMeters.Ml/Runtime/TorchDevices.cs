using TorchSharp;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Runtime;

/// <summary>Resolves a requested precision or device to one that this machine has.</summary>
internal static class TorchDevices
{
    /// <inheritdoc cref="ProcessorFeatures.Choose"/>
    public static Precision Choose(Precision requested) => ProcessorFeatures.Choose(requested);

    /// <summary>Returns the device to compute on.</summary>
    /// <exception cref="RuntimeMissingException">CUDA was requested, but the installed libtorch has no CUDA or finds no device.</exception>
    public static (ComputeDevice Device, Device Where) Choose(ComputeDevice requested)
    {
        // torch.cuda loads CUDA's libraries through TorchSharp's own loader, which copies files, so check for them first.
        bool cuda = requested != ComputeDevice.Cpu && HasCudaLibrary() && torch.cuda.is_available();
        if (requested == ComputeDevice.Cuda && !cuda)
        {
            throw new RuntimeMissingException(
                EnvironmentInspector.LibTorch,
                $"Cannot use -Device Cuda: the libtorch in '{TorchRuntime.LibTorchFolder}' has no CUDA or finds no device. " +
                $"Use -Device Cpu, or set {LibTorchLocator.PathVariable} to a folder with libtorch for CUDA.");
        }

        return cuda ? (ComputeDevice.Cuda, torch.CUDA) : (ComputeDevice.Cpu, torch.CPU);
    }

    /// <summary>Whether the libtorch on this machine was built for CUDA; loads nothing.</summary>
    public static bool MayHaveCuda => HasCudaLibrary();

    private static bool HasCudaLibrary() =>
        (TorchRuntime.LibTorchFolder ?? LibTorchLocator.Find(out _)) is { } folder
        && File.Exists(Path.Combine(folder, RuntimePlatform.LibraryFile("torch_cuda")));
}
