namespace WaterMeters.Ops.Versioning.Contents;

/// <summary>Where objects are in a cache or a remote, and how they are hashed: as DVC 3 does, or as DVC 1 and 2 did.</summary>
internal sealed class ObjectLayout
{
    private const int FolderDigits = 2;

    private ObjectLayout(string prefix, bool isLegacy) => (Prefix, IsLegacy) = (prefix, isLegacy);

    /// <summary>DVC 3: <c>files/md5/ab/cdef...</c>.</summary>
    public static ObjectLayout Current { get; } = new("files/md5/", isLegacy: false);

    /// <summary>DVC 1 and 2: <c>ab/cdef...</c>; a text file is hashed with LF for CRLF.</summary>
    public static ObjectLayout Legacy { get; } = new("", isLegacy: true);

    /// <summary>What the paths of all objects begin with.</summary>
    public string Prefix { get; }

    /// <summary>Whether it is the older layout.</summary>
    public bool IsLegacy { get; }

    /// <summary>Returns the path of an object, with <c>/</c> between names.</summary>
    public string PathOf(ObjectId id)
    {
        string name = id.ToString();
        return $"{Prefix}{name.AsSpan(0, FolderDigits)}/{name.AsSpan(FolderDigits)}";
    }

    /// <summary>Reads a path that <see cref="PathOf"/> returned; false for anything else that is in a remote.</summary>
    public bool TryParse(ReadOnlySpan<char> path, out ObjectId id)
    {
        id = default;
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        path = path[Prefix.Length..];
        if (path.Length <= FolderDigits || path[FolderDigits] != '/') return false;
        return TryParse(path[..FolderDigits], path[(FolderDigits + 1)..], out id);
    }

    /// <summary>Reads the folder and the name of an object.</summary>
    public static bool TryParse(ReadOnlySpan<char> folder, ReadOnlySpan<char> name, out ObjectId id)
    {
        id = default;
        Span<char> whole = stackalloc char[ContentHash.Digits + 4];
        if (folder.Length != FolderDigits || folder.Length + name.Length > whole.Length) return false;
        folder.CopyTo(whole);
        name.CopyTo(whole[FolderDigits..]);
        return ObjectId.TryParse(whole[..(folder.Length + name.Length)], out id);
    }
}
