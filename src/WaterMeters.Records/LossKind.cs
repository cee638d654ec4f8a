namespace WaterMeters;

/// <summary>What a training minimises.</summary>
public enum LossKind
{
    /// <summary>Binary cross-entropy of each pixel.</summary>
    Bce,

    /// <summary>Binary cross-entropy of each pixel plus one minus the soft Dice of each photo.</summary>
    BceDice,
}
