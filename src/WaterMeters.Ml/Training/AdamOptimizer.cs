using TorchSharp;
using WaterMeters.Ml.Models.Tensors;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Training;

/// <summary>
/// Adam (Kingma and Ba 2015), with weight decay added to the gradient as in PyTorch's Adam, or decoupled from it, on tensors of
/// more than one dimension (Loshchilov and Hutter 2019). Not TorchSharp's own optimizers: they hold scalars that the garbage
/// collector can free during a native call.
/// </summary>
internal sealed class AdamOptimizer : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly OptimizerKind kind;
    private readonly double weightDecay;
    private readonly (string Name, Tensor Value, Tensor Mean, Tensor Square)[] parameters;
    private readonly Scalar one = 1f.ToScalar(), beta1 = Beta1.ToScalar(), beta2 = Beta2.ToScalar(),
        oneMinusBeta1 = (1 - Beta1).ToScalar(), oneMinusBeta2 = (1 - Beta2).ToScalar(), epsilon = Epsilon.ToScalar(), decayTerm;

    /// <summary>Creates an optimizer for these tensors, which must outlive it.</summary>
    public AdamOptimizer(OptimizerKind kind, double weightDecay, IEnumerable<KeyValuePair<string, Tensor>> parameters)
    {
        (this.kind, this.weightDecay) = (kind, weightDecay);
        decayTerm = weightDecay.ToScalar();
        using var guard = no_grad();
        this.parameters = [.. from p in parameters select (p.Key, p.Value, Moment(p.Value), Moment(p.Value))];
    }

    /// <summary>Steps finished.</summary>
    public long Steps { get; private set; }

    /// <summary>Makes one step with the present gradients.</summary>
    public void Step(double learningRate)
    {
        Steps++;
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var stepSize = (-learningRate / (1 - Math.Pow(Beta1, Steps))).ToScalar();
        using var squareScale = (1 / Math.Sqrt(1 - Math.Pow(Beta2, Steps))).ToScalar();
        using var shrink = (1 - (learningRate * weightDecay)).ToScalar();
        foreach (var (_, value, mean, square) in parameters)
        {
            if (value.grad is not { } gradient) continue;
            if (weightDecay > 0 && kind == OptimizerKind.Adam) gradient = gradient.add(value, decayTerm);
            if (weightDecay > 0 && kind == OptimizerKind.AdamW && value.dim() > 1) value.mul_(shrink);
            mean.mul_(beta1).add_(gradient, oneMinusBeta1);
            square.mul_(beta2).addcmul_(gradient, gradient, oneMinusBeta2);
            value.addcdiv_(mean, square.sqrt().mul_(squareScale).add_(epsilon, one), stepSize);
        }
    }

    /// <summary>Sets the gradients to zero; their memory is kept for the next step.</summary>
    public void ZeroGradients()
    {
        using var scope = NewDisposeScope();
        foreach (var (_, value, _, _) in parameters) value.grad?.zero_();
    }

    /// <summary>Copies both moments, under the parameters' names.</summary>
    public (Dictionary<string, WeightTensor> Means, Dictionary<string, WeightTensor> Squares) ToWeights() =>
        (parameters.ToDictionary(p => p.Name, p => TensorMemory.ToWeights(p.Mean), StringComparer.Ordinal),
         parameters.ToDictionary(p => p.Name, p => TensorMemory.ToWeights(p.Square), StringComparer.Ordinal));

    /// <summary>Overwrites the moments and the number of steps.</summary>
    public void Load(IReadOnlyDictionary<string, WeightTensor> means, IReadOnlyDictionary<string, WeightTensor> squares, long steps)
    {
        using var guard = no_grad();
        foreach (var (name, value, mean, square) in parameters)
        {
            using var newMean = TensorMemory.FromWeights(means[name], value.device);
            using var newSquare = TensorMemory.FromWeights(squares[name], value.device);
            mean.copy_(newMean);
            square.copy_(newSquare);
        }

        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, mean, square) in parameters)
        {
            mean.Dispose();
            square.Dispose();
        }

        foreach (var scalar in new[] { one, beta1, beta2, oneMinusBeta1, oneMinusBeta2, epsilon, decayTerm }) scalar.Dispose();
    }

    private static Tensor Moment(Tensor value) => zeros_like(value, requires_grad: false).DetachFromDisposeScope();
}
