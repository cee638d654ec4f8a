namespace WaterMeters;

/// <summary>Numeric precision that a network computes in.</summary>
public enum Precision
{
    /// <summary>The fastest format the CPU supports natively: bfloat16 with hardware support, otherwise float32.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16-bit floating point with the range of float32; slow on CPUs without AVX512_BF16 or AMX.</summary>
    BFloat16,
}
