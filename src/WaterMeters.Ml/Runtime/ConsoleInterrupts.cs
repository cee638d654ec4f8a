namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Ctrl+C on Windows. libtorch brings Intel's OpenMP, and with it a part of Intel's Fortran runtime that ends the process at Ctrl+C and
/// Ctrl+Break: the console window would close, at any command after the first that loaded libtorch.
/// </summary>
internal static class ConsoleInterrupts
{
    private const string Variable = "FOR_DISABLE_CONSOLE_CTRL_HANDLER"; // read once, when libiomp5md.dll is loaded

    /// <summary>Leaves Ctrl+C to PowerShell, unless the user has set the variable. Call before libtorch is loaded.</summary>
    public static void Keep()
    {
        if (!OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable(Variable) is not null) return;

        NativeEnvironment.Set(Variable, "1");
    }
}
