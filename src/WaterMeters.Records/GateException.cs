namespace WaterMeters;

/// <summary>A model was not put into production, because it did not pass the gate.</summary>
public sealed class GateException : WaterMetersException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="model">The model that did not pass.</param>
    /// <param name="comparison">The comparison and its reasons.</param>
    /// <param name="message">The message.</param>
    public GateException(string model, ModelComparison comparison, string message) : base(message) =>
        (Model, Comparison) = (model, comparison);

    /// <summary>The model that did not pass: a file, or a run.</summary>
    public string Model { get; }

    /// <summary>The comparison and its reasons.</summary>
    public ModelComparison Comparison { get; }
}
