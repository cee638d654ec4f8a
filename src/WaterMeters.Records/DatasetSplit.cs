namespace WaterMeters;

/// <summary>Which part of a data set a photo belongs to.</summary>
public enum DatasetSplit
{
    /// <summary>The network learns from it.</summary>
    Train,

    /// <summary>The best epoch is chosen by it.</summary>
    Validation,

    /// <summary>Only models that never saw it are measured on it.</summary>
    Test,

    /// <summary>In none of them: it resembles photos of two.</summary>
    Aside,
}
