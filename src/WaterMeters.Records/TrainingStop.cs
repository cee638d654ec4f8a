namespace WaterMeters;

/// <summary>Why a training ended.</summary>
public enum TrainingStop
{
    /// <summary>All epochs were run.</summary>
    Finished,

    /// <summary>The validation loss did not fall for as many epochs as the patience allows.</summary>
    EarlyStop,

    /// <summary>
    /// The loss was not finite twice, so the attempt has no model. With a single attempt, the training ends with an error instead.
    /// </summary>
    Failed,
}
