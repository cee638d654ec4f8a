using System.Security.Cryptography;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>The part of the split that a photo of a version belongs to, if its content is on this machine.</summary>
internal sealed class PhotoParts
{
    private readonly FolderStore cache;
    private readonly SplitRule? rule;

    /// <summary>Reads the split of the data set that a folder belongs to.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="folder">The folder; only one called images has photos of a data set.</param>
    public PhotoParts(FolderStore cache, string folder)
    {
        this.cache = cache;
        bool hasPhotos = Path.GetFileName(folder).Equals("images", StringComparison.OrdinalIgnoreCase);
        rule = hasPhotos ? SplitRule.For(Path.GetDirectoryName(folder)!) : null;
    }

    /// <summary>Returns the part of a photo; null if the file is not a photo, or if its content is not here.</summary>
    /// <param name="layout">How the version is hashed.</param>
    /// <param name="hash">The hash of its content.</param>
    /// <param name="file">The file, which may not exist or have other content.</param>
    public DatasetSplit? Of(ObjectLayout layout, ContentHash hash, string file)
    {
        if (rule is null || !PhotoFolder.IsPhotoName(file)) return null;
        foreach (string path in (string[])[file, cache.PathOf(layout, new ObjectId(hash))])
        {
            if (Content(path) is { } content && ContentHasher.Of(content, layout.IsLegacy) == hash)
            {
                return rule.Assign(Convert.ToHexStringLower(SHA256.HashData(content)), Path.GetFileNameWithoutExtension(file));
            }
        }

        return null;
    }

    private static byte[]? Content(string path)
    {
        try
        {
            return File.Exists(path) ? HeldFile.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (VersionErrors.IsOfFiles(e))
        {
            return null;
        }
    }
}
