namespace WaterMeters;

/// <summary>Part of the split that a photo belongs to.</summary>
public enum DatasetSplit
{
    /// <summary>The network is trained on these photos.</summary>
    Train,

    /// <summary>The best epoch is chosen on these photos.</summary>
    Validation,

    /// <summary>Reserved for measuring models that have not seen these photos.</summary>
    Test,

    /// <summary>In no part, because the photo resembles photos of two parts.</summary>
    Aside,
}
