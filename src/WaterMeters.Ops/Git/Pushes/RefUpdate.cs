namespace WaterMeters.Ops.Git.Pushes;

/// <summary>One line that git writes to a pre-push hook: a ref of the remote that the push would change.</summary>
/// <param name="LocalRef">What is pushed, as it was typed; (delete) for nothing.</param>
/// <param name="LocalId">Its object; zeros for nothing.</param>
/// <param name="RemoteRef">The ref of the remote.</param>
/// <param name="RemoteId">What the remote has there; zeros for nothing.</param>
internal sealed record RefUpdate(string LocalRef, string LocalId, string RemoteRef, string RemoteId)
{
    private const string Heads = "refs/heads/";

    /// <summary>Whether the ref of the remote is deleted.</summary>
    public bool IsDelete => IsZero(LocalId);

    /// <summary>Whether the remote does not have the ref yet.</summary>
    public bool IsNew => IsZero(RemoteId);

    /// <summary>The branch of the remote; null for a tag or another ref.</summary>
    public string? Branch => RemoteRef.StartsWith(Heads, StringComparison.Ordinal) ? RemoteRef[Heads.Length..] : null;

    /// <summary>Whether it is a branch that holds training data by its name.</summary>
    public bool IsDataBranch => Branch?.StartsWith(DataBranch.Prefix, StringComparison.Ordinal) == true;

    /// <summary>Reads the lines; empty ones count for nothing.</summary>
    /// <exception cref="GitException"><see cref="GitFault.BadInput"/>: a line is not one of git.</exception>
    public static IReadOnlyList<RefUpdate> Parse(IEnumerable<string> lines) =>
        [.. lines.Select(line => line.Trim('\uFEFF', '\r', '\n', ' ')).Where(line => line.Length > 0).Select(Parse)];

    private static RefUpdate Parse(string line)
    {
        // What was typed may have spaces, as in ':/last commit'; the other three have none.
        string[] parts = line.Split(' ');
        if (parts is [.., var localId, var remoteRef, var remoteId] && parts.Length >= 4 && IsId(localId) && IsId(remoteId))
        {
            return new RefUpdate(string.Join(' ', parts[..^3]), localId, remoteRef, remoteId);
        }

        throw new GitException(
            GitFault.BadInput, line,
            $"'{line}' is not a line that git writes to a pre-push hook. Pass its lines unchanged: LOCAL-REF ID REMOTE-REF ID.");
    }

    /// <summary>40 digits with SHA-1, 64 with SHA-256.</summary>
    private static bool IsId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);

    private static bool IsZero(string id) => id.All(digit => digit == '0');
}
