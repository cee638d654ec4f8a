using System.Collections.Concurrent;
using System.Diagnostics;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;

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
    private readonly PhotoBuffers.Pool buffers = new(engine.Size);
    private readonly MaskPostprocessor finisher = new(engine, options);
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
            ImagePool.Shared.Trim();
        }
    }

    private void Compute(CancellationToken cancellation)
    {
        var (task, bytes) = reading.Peek();
        var photo = Prefetch.Result(task, cancellation);
        reading.Dequeue();
        if (photo.Buffers is not { } arrays)
        {
            writing.Enqueue((Task.FromResult(new PhotoOutcome(photo.ImagePath, null, photo.Failure)), bytes));
            return;
        }

        long started = Stopwatch.GetTimestamp();
        try
        {
            engine.Predict(arrays.Planes, arrays.Logits);
        }
        catch
        {
            photo.Dispose();
            throw;
        }

        photo.Spent += Stopwatch.GetElapsedTime(started);
        writing.Enqueue((Task.Run(() => finisher.Finish(photo, arrays), CancellationToken.None), bytes));
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
        Raster? image = null;
        var arrays = buffers.Rent();
        bool handedOver = false;
        try
        {
            image = ImageReader.ReadPhoto(path);
            preprocessor.Run(image, arrays.Planes);
            bool keep = options.Overlay && mask is not null;
            var prepared = new PreparedPhoto
            {
                ImagePath = path, MaskPath = mask, Width = image.Width, Height = image.Height,
                Buffers = arrays, Pool = buffers, Image = keep ? image : null, Spent = Stopwatch.GetElapsedTime(started),
            };
            handedOver = true;
            if (keep) image = null;
            return prepared;
        }
        catch (PhotoException e)
        {
            return new PreparedPhoto { ImagePath = path, Failure = e };
        }
        finally
        {
            image?.Dispose();
            if (!handedOver) buffers.Return(arrays);
            preprocessors.Add(preprocessor);
        }
    }

    /// <summary>Bytes a photo takes while it is under way: its file, its pixels, a byte a pixel for its mask, and the network's input and output.</summary>
    private long Cost(string path)
    {
        try
        {
            var header = ImageReader.ReadHeader(path);
            return new FileInfo(path).Length + header.DecodingBytes + header.Pixels + PhotoBuffers.BytesFor(engine.Size);
        }
        catch (Exception e) when (e is PhotoException or IOException or UnauthorizedAccessException)
        {
            return 0; // Reading it fails the same way, and says so in its turn.
        }
    }
}
