namespace WaterMeters;

/// <summary>Optimizer of a training.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay, on tensors of more than one dimension only.</summary>
    AdamW,

    /// <summary>Adam with weight decay as an L2 term in the gradient, on all tensors.</summary>
    Adam,
}
