namespace WaterMeters.Ml.Models.Network;

/// <summary>
/// The names of a network's tensors without what wrappers add to them: DataParallel and SWA put <c>module.</c> in front, torch.compile
/// <c>_orig_mod.</c> also inside, Lightning <c>model.</c>, and they nest.
/// </summary>
internal sealed class TensorNames
{
    private const string Compiled = "_orig_mod.";

    private TensorNames(string prefix, bool isCompiled) => (Prefix, IsCompiled) = (prefix, isCompiled);

    /// <summary>What stands in front of every name; empty when nothing does.</summary>
    public string Prefix { get; }

    /// <summary>Whether names have the part that torch.compile adds.</summary>
    public bool IsCompiled { get; }

    /// <summary>Finds what all names of the floating-point tensors have in front of those of the network.</summary>
    /// <param name="names">The names in the file.</param>
    /// <param name="first">The name of any tensor that the network must have.</param>
    public static TensorNames Find(IReadOnlyCollection<string> names, string first)
    {
        string[] plain = [.. names.Select(WithoutCompiled)];
        string? longest = plain.Where(name => name.EndsWith("." + first, StringComparison.Ordinal)).MinBy(name => name.Length);
        string prefix = longest is null ? "" : longest[..^first.Length];
        bool isShared = plain.All(name => name.StartsWith(prefix, StringComparison.Ordinal));
        return new TensorNames(isShared ? prefix : "", !plain.SequenceEqual(names, StringComparer.Ordinal));
    }

    /// <summary>Returns the name of a tensor in the network.</summary>
    public string NameOf(string stored)
    {
        string plain = WithoutCompiled(stored);
        return plain.StartsWith(Prefix, StringComparison.Ordinal) ? plain[Prefix.Length..] : plain;
    }

    // torch.compile of a part of the network puts its own part into the middle of a name.
    private static string WithoutCompiled(string name)
    {
        for (int at = 0; (at = name.IndexOf(Compiled, at, StringComparison.Ordinal)) >= 0;)
        {
            if (at == 0 || name[at - 1] == '.') name = name.Remove(at, Compiled.Length);
            else at += Compiled.Length;
        }

        return name;
    }
}
