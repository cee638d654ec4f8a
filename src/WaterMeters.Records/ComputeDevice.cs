namespace WaterMeters;

/// <summary>Where a network computes.</summary>
public enum ComputeDevice
{
    /// <summary>CUDA when the libtorch that was found has it and a device is there, else the processor.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first CUDA device.</summary>
    Cuda,
}
