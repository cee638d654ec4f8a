namespace WaterMeters.Ml.Runtime;

/// <summary>
/// How libtorch's threads wait for each other. GNU OpenMP spins by default; when another program uses a core, all threads spin for the
/// one without a core, and a step takes seven times as long (docs/decisions/openmp-waiting.md). Sleeping has no measurable cost. On Windows
/// libtorch has Intel's OpenMP, which sleeps after 0.2 seconds (KMP_BLOCKTIME) and lets others run meanwhile: it stays as it is.
/// </summary>
internal static class ThreadWaiting
{
    private const string Policy = "OMP_WAIT_POLICY"; // OpenMP 5.0, chapter 6.7; read once, when libgomp is loaded

    /// <summary>Makes the threads sleep while they wait, unless the user has set a policy. Call before libtorch is loaded.</summary>
    public static void Relax()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Policy) is not null) return;

        NativeEnvironment.Set(Policy, "passive");
    }
}
