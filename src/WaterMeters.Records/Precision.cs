namespace WaterMeters;

/// <summary>The numbers a network computes with.</summary>
public enum Precision
{
    /// <summary>The fastest that is sound on this processor: bfloat16 where it is in the hardware, else float32.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16-bit floating point with the range of float32; slow on processors without AVX512_BF16 or AMX.</summary>
    BFloat16,
}
