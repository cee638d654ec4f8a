namespace WaterMeters;

/// <summary>A model file cannot be used: not there, damaged, of another network, or contradicting itself.</summary>
public sealed class ModelException : WaterMetersException
{
    /// <summary>Makes the exception; <paramref name="model"/> is the file or name it is about.</summary>
    public ModelException(string model, string message, Exception? inner = null) : base(message, inner) => Model = model;

    /// <summary>The file or name it is about.</summary>
    public string Model { get; }
}
