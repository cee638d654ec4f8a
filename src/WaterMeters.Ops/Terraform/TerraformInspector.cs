using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Terraform;

/// <summary>Checks whether terraform is installed, in a version that the files of the module work with.</summary>
public static class TerraformInspector
{
    /// <summary>Name of the check.</summary>
    public const string Name = "terraform";

    // It has nothing to save: it is only asked for its version.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static string Installation => OperatingSystem.IsWindows() ? "winget install Hashicorp.Terraform"
        : OperatingSystem.IsMacOS() ? "brew install hashicorp/tap/terraform"
        : $"Install {TerraformProgram.Oldest} or later from https://developer.hashicorp.com/terraform/install.";

    /// <summary>Runs the check.</summary>
    /// <param name="folder">Absolute path of the folder that it is started for.</param>
    /// <param name="isNeeded">Whether it must be there.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="stop">Ends it.</param>
    public static EnvironmentCheck Inspect(string folder, bool isNeeded, TimeSpan limit, CancellationToken stop)
    {
        string program;
        try
        {
            program = TerraformProgram.Find();
        }
        catch (TerraformException)
        {
            return isNeeded ? Check.Missing(Name, "It is not installed, or not in PATH.", Installation)
                : Check.Skipped(Name, "It is not installed, or not in PATH: only Invoke-WmsTerraform needs it.");
        }

        return Check.Within(limit, Name, token =>
        {
            try
            {
                var (_, answer, _) = new TerraformProcess(program, folder, Patience).Run(["version", "-json"], null, token);
                return Check.Ok(Name, $"{TerraformProgram.CheckVersion(program, answer)} ('{program}').");
            }
            catch (TerraformException e)
            {
                return Check.Missing(Name, e.Message, Installation);
            }
        }, stop);
    }
}
