namespace WaterMeters;

/// <summary>Device that a network computes on.</summary>
public enum ComputeDevice
{
    /// <summary>CUDA when libtorch supports it and a CUDA device is present, otherwise the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>The first CUDA device.</summary>
    Cuda,
}
