namespace WaterMeters;

/// <summary>Why a training ended.</summary>
public enum TrainingStop
{
    /// <summary>All epochs were run.</summary>
    Finished,

    /// <summary>The validation loss did not fall for as many epochs as patience allows.</summary>
    EarlyStop,

    /// <summary>The loss was not finite twice: an attempt without a model. A training that is no attempt of several ends with an error instead.</summary>
    Failed,
}
