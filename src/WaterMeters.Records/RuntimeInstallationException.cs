namespace WaterMeters;

/// <summary>A native library could not be installed.</summary>
public sealed class RuntimeInstallationException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="target"/>: the file, folder or address concerned.</summary>
    public RuntimeInstallationException(RuntimeInstallationFault fault, string target, string message, Exception? inner = null)
        : base(message, inner) =>
        (Fault, Target) = (fault, target);

    /// <summary>Why the installation failed.</summary>
    public RuntimeInstallationFault Fault { get; }

    /// <summary>File, folder or address concerned.</summary>
    public string Target { get; }
}
