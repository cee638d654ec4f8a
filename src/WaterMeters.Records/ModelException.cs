namespace WaterMeters;

/// <summary>A model file cannot be used: missing, damaged, of another network, or inconsistent.</summary>
public sealed class ModelException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="model"/>: the file or name concerned.</summary>
    public ModelException(string model, string message, Exception? inner = null) : base(message, inner) => Model = model;

    /// <summary>File or name of the model concerned.</summary>
    public string Model { get; }
}
