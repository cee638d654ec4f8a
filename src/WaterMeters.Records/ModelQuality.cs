namespace WaterMeters;

/// <summary>What a mean Dice says about a model, in a word.</summary>
public enum ModelQuality
{
    /// <summary>Dice below 0.1: the model finds no windows.</summary>
    None,

    /// <summary>Dice from 0.1 to below 0.5: less than half of what it marks is right, or of what it should mark is found.</summary>
    Poor,

    /// <summary>Dice from 0.5 to below 0.8: it finds most windows, with wrong edges or second regions.</summary>
    Fair,

    /// <summary>Dice of 0.8 or more: it finds the windows, with edges that differ by a few pixels.</summary>
    Good,
}
