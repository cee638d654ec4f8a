using System.Text.Json;

namespace WaterMeters.Ops.Terraform;

/// <summary>Finds the program terraform in PATH, and checks its version.</summary>
public static class TerraformProgram
{
    private const string SearchPath = "PATH";

    /// <summary>The first version that locks the state in S3 by itself (use_lockfile).</summary>
    public static Version Oldest { get; } = new(1, 10);

    /// <summary>The first version that is not known to work.</summary>
    public static Version TooNew { get; } = new(2, 0);

    /// <summary>Returns the absolute path of the program.</summary>
    /// <exception cref="TerraformException"><see cref="TerraformFault.NotInstalled"/>: there is none.</exception>
    public static string Find()
    {
        string name = OperatingSystem.IsWindows() ? "terraform.exe" : "terraform";
        foreach (string folder in (Environment.GetEnvironmentVariable(SearchPath) ?? "").Split(Path.PathSeparator))
        {
            if (folder.Length == 0 || !Path.IsPathFullyQualified(folder)) continue;
            string path = Path.Combine(folder, name);
            if (File.Exists(path)) return path;
        }

        throw new TerraformException(
            TerraformFault.NotInstalled,
            "terraform",
            "Cannot find terraform. Install it from https://developer.hashicorp.com/terraform/install, or add its folder to PATH.");
    }

    /// <summary>Reads the answer of <c>terraform version -json</c>.</summary>
    /// <exception cref="TerraformException"><see cref="TerraformFault.WrongVersion"/>: it is another than the files need.</exception>
    internal static Version CheckVersion(string program, string answer)
    {
        string text = ReadVersion(answer) ?? throw new TerraformException(
            TerraformFault.NotInstalled, program, $"'{program}' does not answer as terraform does. Install it again.");
        var version = Version.Parse(text.Split('-', '+')[0]);
        return version >= Oldest && version < TooNew ? version : throw new TerraformException(
            TerraformFault.WrongVersion,
            program,
            $"'{program}' is version {text}, but the files need {Oldest} or later and below {TooNew}. Install such a version.");
    }

    private static string? ReadVersion(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            string? text = document.RootElement.GetProperty("terraform_version").GetString();
            return Version.TryParse(text?.Split('-', '+')[0], out _) ? text : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
