using System.Runtime.Intrinsics.X86;

namespace WaterMeters.Ml.Runtime;

/// <summary>Processor features that decide the precision.</summary>
public static class ProcessorFeatures
{
    /// <summary>
    /// Whether bfloat16 arithmetic is in the hardware (AVX512_BF16 or AMX-BF16). Without it bfloat16 is slower than float32.
    /// Bits: Intel SDM volume 2A, CPUID leaf 7: subleaf 1 EAX bit 5; subleaf 0 EDX bit 22. Avx512F also means that the system saves the
    /// registers.
    /// </summary>
    public static bool HasBFloat16 { get; } = DetectBFloat16();

    /// <summary>Returns the requested precision; for Auto bfloat16 when the processor has it, else float32.</summary>
    public static Precision Choose(Precision requested) =>
        requested != Precision.Auto ? requested : HasBFloat16 ? Precision.BFloat16 : Precision.Float32;

    private static bool DetectBFloat16()
    {
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < 7) return false;
        var (maxSubleaf, _, _, edx) = X86Base.CpuId(7, 0);
        bool amx = (edx & (1 << 22)) != 0;
        bool avx512 = maxSubleaf >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
        return amx || avx512;
    }
}
