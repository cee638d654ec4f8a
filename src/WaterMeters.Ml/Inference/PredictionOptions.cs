using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Inference;

/// <summary>Settings of a prediction.</summary>
public sealed record PredictionOptions
{
    /// <summary>Folder for the masks, which are named like their photos; null writes none.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Whether to write the photo with the mask's outline beside each mask.</summary>
    public bool Overlay { get; init; }

    /// <summary>Folder for the windows, cut out of the photos and turned level; null writes none. May be the folder of the masks.</summary>
    public string? CropPath { get; init; }

    /// <summary>Format of those files.</summary>
    public CropFormat CropFormat { get; init; } = CropFormat.Jpeg;

    /// <summary>Size of the written masks.</summary>
    public MaskSize MaskSize { get; init; } = MaskSize.Photo;

    /// <summary>Whether to replace existing masks; otherwise one is an error.</summary>
    public bool Force { get; init; }

    /// <summary>Whether to skip photos whose mask exists.</summary>
    public bool SkipExisting { get; init; }

    /// <summary>
    /// Limit for all photos and masks in flight, bytes; a larger photo is processed alone. Two photos of 48 megapixels exceed it.
    /// </summary>
    public long MemoryBytes { get; init; } = 256L << 20;
}
