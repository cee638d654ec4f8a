using System.Collections.Concurrent;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Evaluation;

/// <summary>Scores a model on pairs of photo and mask, at the model's input size.</summary>
/// <param name="engine">Runs the model.</param>
public sealed class ModelEvaluator(IInferenceEngine engine)
{
    private readonly ConcurrentBag<Preprocessor> preprocessors = [];
    private readonly PhotoBuffers.Pool buffers = new(engine.Size);
    private readonly MaskScorer scorer = new();

    /// <summary>Called with each decoded pair, on several threads at once, so that callers need not decode it a second time.</summary>
    internal Action<HashedPair, DecodedPair>? PairDecoded { get; init; }

    /// <summary>Scores the pairs in their order; photos are read ahead while the network computes.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="failed">Called for a pair that cannot be read or whose logits are not finite; null throws instead.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="PhotoException">A pair cannot be measured and <paramref name="failed"/> is null.</exception>
    public IEnumerable<PhotoScore> Measure(IReadOnlyList<HashedPair> pairs, Action<PhotoException>? failed, CancellationToken cancellation)
    {
        int size = engine.Size, area = size * size;
        byte[] predicted = new byte[area];
        foreach (var (pair, arrays, failure) in Prefetch.InOrder(pairs, 2, Prepare, cancellation))
        {
            var problem = failure;
            if (arrays is not null)
            {
                engine.Predict(arrays.Planes, arrays.Logits);
                bool finite = LogitThreshold.Apply(arrays.Logits, predicted, out int foregroundPixels);
                var scores = finite ? scorer.Score(predicted, arrays.Mask, size, size) : default;
                buffers.Return(arrays);
                if (finite)
                {
                    yield return new PhotoScore(pair, scores, (double)foregroundPixels / area);
                    continue;
                }

                problem = new PhotoException(
                    pair.Pair.ImagePath,
                    $"The model '{engine.Model.Path}' gives output that is not finite for '{pair.Pair.ImagePath}'. "
                    + "Train the model again, or choose another one.");
            }

            if (failed is null) throw problem!;
            failed(problem!);
        }
    }

    /// <summary>Reads the input planes and the true mask of a pair, or returns the failure.</summary>
    private (HashedPair Pair, PhotoBuffers? Arrays, PhotoException? Failure) Prepare(HashedPair pair)
    {
        int size = engine.Size;
        if (!preprocessors.TryTake(out var preprocessor)) preprocessor = new Preprocessor(size);
        var arrays = buffers.Rent();
        try
        {
            using var decoded = DecodedPair.Read(pair.Pair);
            preprocessor.Run(decoded.Photo, arrays.Planes);
            Preprocessor.ResizeMask(decoded.Mask, size, arrays.Mask);
            PairDecoded?.Invoke(pair, decoded);
            return (pair, arrays, null);
        }
        catch (PhotoException e)
        {
            buffers.Return(arrays);
            return (pair, null, e);
        }
        finally
        {
            preprocessors.Add(preprocessor);
        }
    }
}
