using System.Text;

namespace WaterMeters.Ops.Git;

/// <summary>What a git command wrote.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Bytes">Its output: paths in it need not be UTF-8.</param>
/// <param name="Error">Its messages.</param>
internal sealed record GitOutput(int ExitCode, byte[] Bytes, string Error)
{
    /// <summary>Whether the exit code is 0.</summary>
    public bool IsSuccess => ExitCode == 0;

    /// <summary>The output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The output as one line, without its end.</summary>
    public string Line => Text.TrimEnd('\r', '\n');

    /// <summary>The lines of the output.</summary>
    public IReadOnlyList<string> Lines =>
        [.. Text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0)];

    /// <summary>
    /// What git says of its failure: its last lines that begin with "fatal" or "error", or else all it wrote. Hints and progress are left
    /// out.
    /// </summary>
    public string Reason
    {
        get
        {
            string[] lines = [.. Error.Split('\n').Select(line => line.Split('\r')[^1].Trim()).Where(line => line.Length > 0)];
            string[] named = [.. lines.Where(IsNamed)];
            return string.Join(' ', (named.Length > 0 ? named : lines).TakeLast(3));

            static bool IsNamed(string line) => line.StartsWith("fatal:", StringComparison.Ordinal)
                || line.StartsWith("error:", StringComparison.Ordinal) || line.StartsWith("remote: error:", StringComparison.Ordinal);
        }
    }
}
