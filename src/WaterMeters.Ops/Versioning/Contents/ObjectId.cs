namespace WaterMeters.Ops.Versioning.Contents;

/// <summary>The name of an object in a cache or a remote: the hash of a file, or of the listing of a folder.</summary>
/// <param name="Hash">The MD5 of the object.</param>
/// <param name="IsListing">Whether the object is the listing of a folder.</param>
internal readonly record struct ObjectId(ContentHash Hash, bool IsListing = false)
{
    /// <summary>What the name of a listing ends with.</summary>
    public const string ListingSuffix = ".dir";

    /// <summary>Reads a name as it is in a .dvc file, such as <c>5ea40360f5b4ec688df672a4db9c17d1.dir</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ObjectId id)
    {
        bool isListing = text.EndsWith(ListingSuffix, StringComparison.Ordinal);
        bool isHash = ContentHash.TryParse(isListing ? text[..^ListingSuffix.Length] : text, out var hash);
        id = new(hash, isListing);
        return isHash;
    }

    /// <inheritdoc/>
    public override string ToString() => IsListing ? Hash + ListingSuffix : Hash.ToString();
}
