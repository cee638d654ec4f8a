namespace WaterMeters;

/// <summary>How a training steps.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with weight decay apart from the gradient, on tensors of more than one dimension.</summary>
    AdamW,

    /// <summary>Adam with weight decay as an L2 term inside the gradient, on every tensor.</summary>
    Adam,
}
