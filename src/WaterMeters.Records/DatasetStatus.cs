namespace WaterMeters;

/// <summary>Whether a data set can be used for training.</summary>
public enum DatasetStatus
{
    /// <summary>No finding is an error.</summary>
    Pass,

    /// <summary>At least one finding is an error.</summary>
    Fail,
}
