namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>Where a remote is, and how it is reached.</summary>
internal sealed record RemoteSettings
{
    /// <summary>The name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Address: <c>s3://BUCKET/PREFIX</c>, or the absolute path of a folder.</summary>
    public required string Address { get; init; }

    /// <summary>The configuration file that names the address.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>Whether the remote is in S3; otherwise it is a folder.</summary>
    public bool IsS3 => Address.StartsWith("s3://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Address of the S3 service; null: Amazon.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Region of the bucket; null: as every AWS tool finds it.</summary>
    public string? Region { get; init; }

    /// <summary>Profile of the credentials; null: as every AWS tool finds them.</summary>
    public string? Profile { get; init; }

    /// <summary>File with the credentials; null: as every AWS tool finds it.</summary>
    public string? CredentialPath { get; init; }

    /// <summary>Key of the credentials; null: as every AWS tool finds them.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Secret of the key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Token of temporary credentials.</summary>
    public string? SessionToken { get; init; }

    /// <summary>Server-side encryption of new objects, such as <c>AES256</c> or <c>aws:kms</c>.</summary>
    public string? Encryption { get; init; }

    /// <summary>Key of the encryption.</summary>
    public string? EncryptionKey { get; init; }

    /// <summary>Reads a remote.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="name">Its name; null: the one of <c>core.remote</c>, or the only one.</param>
    /// <exception cref="DatasetVersionException">There is none, or it cannot be used; the message names the setting.</exception>
    public static RemoteSettings Read(DvcConfig config, string? name)
    {
        name ??= config.Find("core", "remote") ?? (config.Remotes.Take(2).ToArray() is [var only] ? only : null);
        if (name is null)
        {
            throw VersionErrors.Unusable(config.Path,
                $"'{config.Path}' names no remote. Add [core] remote = NAME and ['remote \"NAME\"'] url = ADDRESS, or name one with "
                    + "-Remote.");
        }

        string section = DvcConfig.SectionOf(name);
        if (config.Locate(section, "url") is not var (url, file))
        {
            string known = string.Join(", ", config.Remotes);
            throw VersionErrors.Unusable(name,
                $"'{config.Path}' has no remote '{name}' with a url. "
                + (known.Length > 0
                    ? $"Its remotes: {known}. Name one of them with -Remote." : $"Add ['remote \"{name}\"'] url = ADDRESS."));
        }

        foreach (string mode in (string[])["version_aware", "worktree"])
        {
            if (!config.IsTrue(section, mode)) continue;
            throw VersionErrors.Unusable(name,
                $"The remote '{name}' has {mode} = true, which keeps files under their own names and is not supported. "
                + "Use DVC for it, or another remote with -Remote.");
        }

        return Create(config, name, section, url, file);
    }

    private static RemoteSettings Create(DvcConfig config, string name, string section, string url, string file)
    {
        string? Value(string key) => config.Find(section, key) is { Length: > 0 } value ? value : null;
        string? endpoint = Value("endpointurl");
        if (endpoint is not null && !Uri.TryCreate(endpoint, UriKind.Absolute, out _))
        {
            throw VersionErrors.Unusable(name,
                $"'{endpoint}' of endpointurl of the remote '{name}' is not an address. Write https://HOST or http://HOST:PORT.");
        }

        return new RemoteSettings
        {
            Name = name,
            Address = AddressOf(url, name, file),
            ConfigPath = file,
            Endpoint = endpoint is null ? null : new Uri(endpoint),
            Region = Value("region"),
            Profile = Value("profile"),
            CredentialPath = Value("credentialpath") is { } path ? InFolderOf(file, path) : null,
            AccessKey = Value("access_key_id"),
            SecretKey = Value("secret_access_key"),
            SessionToken = Value("session_token"),
            Encryption = Value("sse"),
            EncryptionKey = Value("sse_kms_key_id"),
        };
    }

    private static string AddressOf(string url, string name, string file)
    {
        if (url.Length == 0) throw VersionErrors.Unusable(name, $"The url of the remote '{name}' in '{file}' is empty. Write its address.");
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return InFolderOf(file, OfThisSystem(url, name, file));
        string kind = url[..scheme].ToLowerInvariant();
        if (kind == "file")
        {
            return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.LocalPath.Trim('/').Length > 0
                ? OfThisSystem(address.LocalPath, name, file)
                : throw VersionErrors.Unusable(name,
                    $"'{url}' of the remote '{name}' names no folder. Write a path, or file:///PATH, as its url in '{file}'.");
        }

        if (kind == "s3" && url.Length > 5 && url[5] != '/') return url.TrimEnd('/');
        throw VersionErrors.Unusable(name, kind == "s3"
            ? $"'{url}' of the remote '{name}' names no bucket. Write s3://BUCKET/PREFIX as its url in '{file}'."
            : $"'{url}' of the remote '{name}' is neither a folder nor in S3, and is not supported. Use DVC for it, or another remote "
                + "with -Remote.");
    }

    /// <summary>Elsewhere than on Windows, C:\store would be the name of a new folder in .dvc.</summary>
    private static string OfThisSystem(string path, string name, string file)
    {
        bool isOfWindows = path.StartsWith(@"\\", StringComparison.Ordinal)
            || (path.Length > 2 && char.IsAsciiLetter(path[0]) && path[1] == ':' && path[2] is ('\\' or '/'));
        if (!isOfWindows || OperatingSystem.IsWindows()) return path;
        throw VersionErrors.Unusable(name,
            $"'{path}' of the remote '{name}' is a path of Windows. Write the path on this machine as its url in .dvc/config.local, which "
                + $"has precedence over '{file}', or name another remote with -Remote.");
    }

    /// <summary>DVC resolves a relative path from the folder of the file that names it.</summary>
    private static string InFolderOf(string file, string path) => System.IO.Path.GetFullPath(
        path.StartsWith("~/", StringComparison.Ordinal)
            ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : path,
        System.IO.Path.GetDirectoryName(file)!);
}
