namespace WaterMeters;

/// <summary>Terraform is missing or fails.</summary>
public sealed class TerraformException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="target"/>: the program, the folder or the plan concerned.</summary>
    public TerraformException(TerraformFault fault, string target, string message, Exception? inner = null)
        : base(message, inner) => (Fault, Target) = (fault, target);

    /// <summary>Why it fails.</summary>
    public TerraformFault Fault { get; }

    /// <summary>The program, the folder or the plan concerned.</summary>
    public string Target { get; }
}
