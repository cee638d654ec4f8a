using System.Collections.Concurrent;
using System.Diagnostics;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Inference;

/// <summary>
/// Photos in, predictions out, as a stream: while the network works on one photo the next ones are read and the last ones written.
/// Outcomes come in the order of the photos; photos under way are bounded in bytes.
/// </summary>
/// <param name="engine">Runs the model.</param>
/// <param name="options">What to write.</param>
public sealed class PhotoPredictor(IInferenceEngine engine, PredictionOptions options)
{
    private const int Ahead = 3, Behind = 2;

    private readonly OutputNames names = new(options);
    private readonly ConcurrentBag<Preprocessor> preprocessors = [];
    private readonly MaskFinisher finisher = new(engine, options);
    private readonly Queue<(Task<PreparedPhoto> Photo, long Bytes)> reading = new();
    private readonly Queue<(Task<PhotoOutcome> Outcome, long Bytes)> writing = new();
    private long bytesUnderWay;

    /// <summary>Predicts photos.</summary>
    /// <param name="photos">Their files; what is under way goes on while the next one is not known yet.</param>
    /// <param name="cancellation">Stops between two photos; what is under way is awaited, no file is left half written.</param>
    public IEnumerable<PhotoOutcome> Run(PhotoQueue photos, CancellationToken cancellation)
    {
        try
        {
            (string Path, long Bytes)? next = null;
            bool more = true;
            while (true)
            {
                // A photo that does not fit into the bound waits until others are done, or goes alone.
                while (more && reading.Count < Ahead)
                {
                    if (next is null)
                    {
                        more = photos.TryNext(wait: reading.Count + writing.Count == 0, out string? path, cancellation);
                        if (path is null) break;
                        next = (path, Cost(path));
                    }

                    if (bytesUnderWay > 0 && bytesUnderWay + next.Value.Bytes > options.MemoryBytes) break;
                    StartReading(next.Value.Path, next.Value.Bytes, cancellation);
                    next = null;
                }

                if (reading.Count > 0) Compute(cancellation);
                bool idle = reading.Count == 0;
                while (writing.Count > (idle ? 0 : Behind) || (writing.TryPeek(out var head) && head.Outcome.IsCompleted))
                {
                    var (outcome, bytes) = writing.Peek();
                    var result = Prefetch.Result(outcome, cancellation);
                    writing.Dequeue();
                    bytesUnderWay -= bytes;
                    yield return result;
                }

                if (!more && idle && next is null && writing.Count == 0) yield break;
            }
        }
        finally
        {
            foreach (var (photo, _) in reading) Prefetch.Discard(photo);
            foreach (var (outcome, _) in writing) Prefetch.Discard(outcome);
        }
    }

    private void Compute(CancellationToken cancellation)
    {
        var (task, bytes) = reading.Peek();
        var photo = Prefetch.Result(task, cancellation);
        reading.Dequeue();
        if (photo.Failure is not null || photo.Planes.Length == 0)
        {
            writing.Enqueue((Task.FromResult(new PhotoOutcome(photo.ImagePath, null, photo.Failure)), bytes));
            return;
        }

        long started = Stopwatch.GetTimestamp();
        float[] logits = new float[engine.Size * engine.Size];
        engine.Predict(photo.Planes, logits);
        photo.Spent += Stopwatch.GetElapsedTime(started);
        writing.Enqueue((Task.Run(() => finisher.Finish(photo, logits), CancellationToken.None), bytes));
    }

    private void StartReading(string path, long bytes, CancellationToken cancellation)
    {
        bytesUnderWay += bytes;
        string? mask;
        try
        {
            mask = names.Mask(path, out bool skip);
            if (skip)
            {
                reading.Enqueue((Task.FromResult(new PreparedPhoto { ImagePath = path }), bytes));
                return;
            }
        }
        catch (PhotoException e)
        {
            reading.Enqueue((Task.FromResult(new PreparedPhoto { ImagePath = path, Failure = e }), bytes));
            return;
        }

        reading.Enqueue((Task.Run(() => Read(path, mask), cancellation), bytes));
    }

    private PreparedPhoto Read(string path, string? mask)
    {
        long started = Stopwatch.GetTimestamp();
        if (!preprocessors.TryTake(out var preprocessor)) preprocessor = new Preprocessor(engine.Size);
        Raster? picture = null;
        try
        {
            picture = ImageReader.ReadPhoto(path);
            byte[] planes = new byte[3 * engine.Size * engine.Size];
            preprocessor.Run(picture, planes);
            bool keep = options.Overlay && mask is not null;
            var prepared = new PreparedPhoto { ImagePath = path, MaskPath = mask, Width = picture.Width, Height = picture.Height, Planes = planes, Picture = keep ? picture : null };
            if (!keep) picture.Dispose();
            picture = null;
            prepared.Spent = Stopwatch.GetElapsedTime(started);
            return prepared;
        }
        catch (PhotoException e)
        {
            return new PreparedPhoto { ImagePath = path, Failure = e };
        }
        finally
        {
            picture?.Dispose();
            preprocessors.Add(preprocessor);
        }
    }

    /// <summary>Bytes a photo takes while it is under way: four a pixel decoded, twice that while it is turned upright, one for its mask.</summary>
    private static long Cost(string path)
    {
        try
        {
            var header = ImageReader.ReadHeader(path);
            return (long)header.Width * header.Height * (header.Orientation > 1 ? 9 : 5);
        }
        catch (PhotoException)
        {
            return 0; // Reading it fails the same way, and says so in its turn.
        }
    }
}
