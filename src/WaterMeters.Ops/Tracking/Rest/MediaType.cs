using System.Collections.Frozen;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>Media types as MLflow's own client sends them: its page shows the files that it calls text.</summary>
internal static class MediaType
{
    private static readonly FrozenSet<string> Text = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "txt", "log", "err", "cfg", "conf", "cnf", "cf", "ini", "properties", "prop", "hocon", "toml", "yaml", "yml", "xml", "json", "js",
        "py", "py3", "csv", "tsv", "md", "rst", "MLmodel", "MLproject");

    /// <summary>Returns the media type of a file by its name.</summary>
    public static string Of(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        string extension = name[(name.LastIndexOf('.') + 1)..];
        return extension.ToLowerInvariant() switch
        {
            _ when Text.Contains(extension) => "text/plain",
            "png" => "image/png",
            "jpg" or "jpeg" => "image/jpeg",
            "svg" => "image/svg+xml",
            "html" or "htm" => "text/html",
            _ => "application/octet-stream",
        };
    }
}
