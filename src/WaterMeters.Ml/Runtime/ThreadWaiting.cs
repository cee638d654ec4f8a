namespace WaterMeters.Ml.Runtime;

/// <summary>
/// How libtorch's threads wait for each other. GNU OpenMP spins by default; when anything else wants a core, the threads that have
/// one spin for the thread that has none, and a step takes seven times as long (docs/decisions/openmp-waiting.md). Sleeping costs nothing measurable.
/// </summary>
internal static class ThreadWaiting
{
    private const string Policy = "OMP_WAIT_POLICY"; // OpenMP 5.0, chapter 6.7; read once, when libgomp is loaded

    /// <summary>Has the threads sleep while they wait, unless the user has said how they should. Call it before libtorch is loaded.</summary>
    public static void Relax()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Policy) is not null) return;

        NativeEnvironment.Set(Policy, "passive");
    }
}
