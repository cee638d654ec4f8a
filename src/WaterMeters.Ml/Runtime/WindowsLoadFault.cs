using System.Globalization;
using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Runtime;

/// <summary>Says why Windows does not load a library, and what to do about it.</summary>
internal static class WindowsLoadFault
{
    // winerror.h
    private const int AccessDenied = 5, NotEnoughMemory = 8, ModuleNotFound = 126, ProcedureNotFound = 127, BadFormat = 193, Virus = 225,
        InvalidHash = 577, InitFailed = 1114, BlockedByPolicy = 1260, CommitmentLimit = 1455, BlockedByAppControl = 4551;

    // The parts of the Visual C++ runtime.
    private static readonly string[] RuntimeNames = ["vcruntime140", "msvcp140", "concrt140", "vcomp140"];

    /// <summary>What to do when the Visual C++ runtime is missing or too old.</summary>
    public static string InstallVisualC { get; } =
        $"Install the current Microsoft Visual C++ Redistributable with 'winget install Microsoft.VCRedist.2015+.{Architecture}', or " +
        $"from https://aka.ms/vs/17/release/vc_redist.{Architecture}.exe, and start a new PowerShell.";

    private static string Architecture => RuntimePlatform.Rid.EndsWith("arm64", StringComparison.Ordinal) ? "arm64" : "x64";

    /// <summary>What to do when libtorch itself is incomplete.</summary>
    public static string Reinstall { get; } =
        $"Reinstall it with Install-WmsRuntime -Force, or set {LibTorchLocator.PathVariable} to another folder.";

    /// <summary>Creates the exception for a file that Windows did not load.</summary>
    /// <param name="file">The file.</param>
    /// <param name="code">What Windows said: the code of winerror.h.</param>
    /// <param name="missing">The libraries it needs that were found nowhere.</param>
    public static LibraryLoadException Of(string file, int code, IReadOnlyList<string> missing)
    {
        string said = Marshal.GetPInvokeErrorMessage(code).Replace("%1", Path.GetFileName(file), StringComparison.Ordinal);
        string absent = code == ModuleNotFound && missing.Count > 0 ? $" Not found: {string.Join(", ", missing)}." : "";
        return new LibraryLoadException(
            string.Create(CultureInfo.InvariantCulture,
                $"Cannot load '{file}': {said.TrimEnd('.', ' ')} (Windows error {code}).{absent} {Remedy(code, missing)}"),
            missing);
    }

    /// <summary>Says what to do about libraries that were found nowhere: <paramref name="otherwise"/> if none is of Visual C++.</summary>
    public static string Remedy(IReadOnlyList<string> missing, string otherwise) => missing.Any(IsVisualC) ? InstallVisualC : otherwise;

    private static string Remedy(int code, IReadOnlyList<string> missing) => code switch
    {
        ModuleNotFound => Remedy(missing, Reinstall),
        InitFailed => InstallVisualC,
        ProcedureNotFound =>
            $"Its version does not match: this module needs libtorch {LibTorchLocator.Version}. {Reinstall}",
        BadFormat => $"It is damaged, or made for another processor than {RuntimePlatform.Rid}. {Reinstall}",
        NotEnoughMemory or CommitmentLimit => "Close other programs, or enlarge the paging file of Windows.",
        AccessDenied or Virus or InvalidHash or BlockedByPolicy or BlockedByAppControl =>
            "A policy of this machine or a virus scanner blocks it: allow this file, or install libtorch into a folder from which " +
            $"programs may run, with Install-WmsRuntime -OutputPath, and set {LibTorchLocator.PathVariable} to it.",
        _ => Reinstall,
    };

    private static bool IsVisualC(string name) => RuntimeNames.Any(n => name.StartsWith(n, StringComparison.OrdinalIgnoreCase));
}
