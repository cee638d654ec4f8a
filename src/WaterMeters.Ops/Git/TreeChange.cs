using System.Text;

namespace WaterMeters.Ops.Git;

/// <summary>A file that differs between two trees.</summary>
/// <param name="RawPath">Its path from the top of the repository as git stores it; it need not be UTF-8.</param>
/// <param name="Old">What was there; null if the file is new.</param>
/// <param name="New">What is there now; null if the file was removed.</param>
internal sealed record TreeChange(byte[] RawPath, TreeEntry? Old, TreeEntry? New)
{
    /// <summary>Its path as text, with slashes.</summary>
    public string Path { get; } = Encoding.UTF8.GetString(RawPath);

    /// <summary>Reads the output of <c>git diff-tree -r -z --raw</c>.</summary>
    public static IReadOnlyList<TreeChange> Parse(byte[] output)
    {
        var changes = new List<TreeChange>();
        var rest = output.AsSpan();
        while (rest.Length > 0)
        {
            // :100644 100644 OLD NEW M<NUL>path<NUL>; with one commit as argument, its id comes first.
            int end = rest.IndexOf((byte)0);
            string head = Encoding.ASCII.GetString(rest[..end]);
            rest = rest[(end + 1)..];
            if (head is not [':', ..]) continue;
            end = rest.IndexOf((byte)0);
            string[] parts = head[1..].Split(' ');
            changes.Add(new TreeChange(rest[..end].ToArray(), Entry(parts[0], parts[2]), Entry(parts[1], parts[3])));
            rest = rest[(end + 1)..];
        }

        return changes;
    }

    private static TreeEntry? Entry(string mode, string id) => mode.All(c => c == '0') ? null : new TreeEntry(mode, id);
}
