namespace WaterMeters;

/// <summary>A native library could not be installed.</summary>
public sealed class RuntimeInstallationException : WaterMetersException
{
    /// <summary>Makes the exception; <paramref name="target"/> is the file, folder or address it is about.</summary>
    public RuntimeInstallationException(RuntimeInstallationFault fault, string target, string message, Exception? inner = null) : base(message, inner) =>
        (Fault, Target) = (fault, target);

    /// <summary>Why it could not.</summary>
    public RuntimeInstallationFault Fault { get; }

    /// <summary>The file, folder or address it is about.</summary>
    public string Target { get; }
}
