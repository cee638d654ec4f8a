using TorchSharp;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Runtime;

/// <summary>Turns what the user asked for into what this machine has.</summary>
internal static class TorchDevices
{
    /// <inheritdoc cref="ProcessorFeatures.Choose"/>
    public static Precision Choose(Precision wish) => ProcessorFeatures.Choose(wish);

    /// <summary>The device to compute on.</summary>
    /// <exception cref="RuntimeMissingException">CUDA was asked for, and the libtorch that was found has none or sees no device.</exception>
    public static (ComputeDevice Device, Device Where) Choose(ComputeDevice wish)
    {
        // torch.cuda loads CUDA's libraries by TorchSharp's own loader, which copies files; so ask for them first.
        bool cuda = wish != ComputeDevice.Cpu && HasCudaLibrary() && torch.cuda.is_available();
        if (wish == ComputeDevice.Cuda && !cuda)
        {
            throw new RuntimeMissingException(
                EnvironmentInspector.LibTorch,
                $"-Device cuda was asked for, but the libtorch in '{TorchRuntime.LibTorchFolder}' has no CUDA or sees no device. " +
                $"Use -Device cpu, or name a folder with libtorch for CUDA in {LibTorchLocator.PathVariable}.");
        }

        return cuda ? (ComputeDevice.Cuda, torch.CUDA) : (ComputeDevice.Cpu, torch.CPU);
    }

    /// <summary>Whether the libtorch on this machine is one for CUDA; loads nothing.</summary>
    public static bool MayHaveCuda => HasCudaLibrary();

    private static bool HasCudaLibrary() =>
        (TorchRuntime.LibTorchFolder ?? LibTorchLocator.Find(out _)) is { } folder && File.Exists(Path.Combine(folder, RuntimePlatform.LibraryFile("torch_cuda")));
}
