using System.Text;

namespace WaterMeters.Ops.Git;

/// <summary>What a tree has under a path.</summary>
/// <param name="Mode">The mode, such as 100644.</param>
/// <param name="Id">The id of the object.</param>
internal sealed record TreeEntry(string Mode, string Id)
{
    /// <summary>Whether it is a submodule: a commit of another repository.</summary>
    public bool IsSubmodule => Mode == "160000";

    /// <summary>Whether it is a symbolic link: its content is a path.</summary>
    public bool IsLink => Mode == "120000";

    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => Mode == "040000";

    /// <summary>Reads the output of <c>git ls-tree -z</c>: paths and entries.</summary>
    public static IEnumerable<KeyValuePair<string, TreeEntry>> Parse(byte[] output)
    {
        foreach (string line in Encoding.UTF8.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            string[] parts = line[..tab].Split(' ');
            yield return KeyValuePair.Create(line[(tab + 1)..], new TreeEntry(parts[0], parts[2]));
        }
    }
}
