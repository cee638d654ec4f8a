using WaterMeters.Ops.Terraform;

namespace WaterMeters.Ops.Tests.Terraform;

/// <summary>What tests with terraform need on the machine.</summary>
public static class TerraformHere
{
    public const string Missing = "terraform is not installed here.";
    public const string NoSignals = "Windows has no signal to ask a program to end with.";

    /// <summary>Whether the real program is here.</summary>
    public static bool IsHere
    {
        get
        {
            try
            {
                return TerraformProgram.Find().Length > 0;
            }
            catch (TerraformException)
            {
                return false;
            }
        }
    }

    /// <summary>Whether a program can be asked to end.</summary>
    public static bool HasSignals => !OperatingSystem.IsWindows();
}
