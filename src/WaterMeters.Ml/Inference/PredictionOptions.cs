using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Inference;

/// <summary>What a prediction writes.</summary>
public sealed record PredictionOptions
{
    /// <summary>Folder for the masks, named as their photos; null writes none.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Whether the photo with the mask's outline is written beside each mask.</summary>
    public bool Overlay { get; init; }

    /// <summary>The size masks are written in.</summary>
    public MaskSize MaskSize { get; init; } = MaskSize.Photo;

    /// <summary>Whether an existing mask is written anew; else it is an error.</summary>
    public bool Force { get; init; }

    /// <summary>Whether a photo whose mask is there already is passed over.</summary>
    public bool SkipExisting { get; init; }

    /// <summary>Bytes that photos and masks under way may take together; one larger photo goes through alone. A photo of 48 megapixels does: two are never there at once.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;
}
