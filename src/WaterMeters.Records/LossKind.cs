namespace WaterMeters;

/// <summary>Loss function that a training minimises.</summary>
public enum LossKind
{
    /// <summary>Mean binary cross-entropy over pixels.</summary>
    Bce,

    /// <summary>Mean binary cross-entropy over pixels plus one minus the soft Dice of each photo.</summary>
    BceDice,
}
