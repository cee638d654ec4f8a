using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Inference;

/// <summary>The result for one photo; neither prediction nor failure means that the photo was skipped.</summary>
/// <param name="ImagePath">The photo.</param>
/// <param name="Prediction">The prediction, if there is one.</param>
/// <param name="Failure">Why there is none, if the photo failed.</param>
public sealed record PhotoOutcome(string ImagePath, Prediction? Prediction, WaterMetersException? Failure)
{
    /// <summary>What is wrong with the photo's file, in a line, although it was predicted; null for nothing.</summary>
    public string? Warning { get; init; }
}

/// <summary>
/// Predicts a stream of photos in three stages: the next photos are read on other threads, the network computes one on the caller's
/// thread, and the last masks are written on other threads. Outcomes come in the order of the photos; the photos in flight are limited
/// in number and in bytes. An instance runs once.
/// </summary>
/// <param name="engine">Runs the model.</param>
/// <param name="options">What to write.</param>
public sealed class PhotoPredictor(IInferenceEngine engine, PredictionOptions options)
{
    private const int MaxReading = 3, MaxWriting = 2;

    private readonly OutputNames names = new(options);
    private readonly ConcurrentBag<Preprocessor> preprocessors = [];
    private readonly PhotoBuffers.Pool buffers = new(engine.Size);
    private readonly MaskPostprocessor postprocessor = new(engine, options);

    // The photos in flight, in their order. A photo counts in bytesInFlight until its outcome is taken.
    private readonly Queue<(Task<PreparedPhoto> Photo, long Bytes)> reading = new();
    private readonly Queue<(Task<PhotoOutcome> Outcome, long Bytes)> writing = new();
    private long bytesInFlight;

    private (string Path, long Bytes)? waiting; // taken from the photo queue, but too large to start yet
    private bool queueEnded;

    /// <summary>Predicts photos; once for each instance.</summary>
    /// <param name="photos">Their files; photos in flight proceed while the queue is empty.</param>
    /// <param name="cancellation">Checked between two photos; photos in flight are awaited, so that no file is left incomplete.</param>
    public IEnumerable<PhotoOutcome> Run(PhotoQueue photos, CancellationToken cancellation)
    {
        if (queueEnded || waiting is not null) throw new InvalidOperationException("A PhotoPredictor runs once.");
        try
        {
            while (!queueEnded || waiting is not null || reading.Count > 0 || writing.Count > 0)
            {
                FillReading(photos, cancellation);
                if (reading.Count > 0) PredictNext(cancellation);
                while (TryTakeOutcome(cancellation, out var outcome)) yield return outcome;
            }
        }
        finally
        {
            foreach (var (photo, _) in reading) Prefetch.Discard(photo);
            foreach (var (outcome, _) in writing) Prefetch.Discard(outcome);
            ImagePool.Shared.Trim();
        }
    }

    /// <summary>Starts to read photos until the stage is full, the queue is empty, or the next photo exceeds the limit in bytes.</summary>
    private void FillReading(PhotoQueue photos, CancellationToken cancellation)
    {
        while (reading.Count < MaxReading)
        {
            if (waiting is null && !TryTakePhoto(photos, cancellation)) return;
            var (path, bytes) = waiting!.Value;

            // A photo larger than the limit waits until it is alone.
            if (bytesInFlight > 0 && bytesInFlight + bytes > options.MemoryBytes) return;
            bytesInFlight += bytes;
            reading.Enqueue((StartReading(path, cancellation), bytes));
            waiting = null;
        }
    }

    /// <summary>Takes the next photo from the queue; waits for it only when no photo is in flight.</summary>
    private bool TryTakePhoto(PhotoQueue photos, CancellationToken cancellation)
    {
        if (queueEnded) return false;
        bool nothingInFlight = reading.Count + writing.Count == 0;
        queueEnded = !photos.TryNext(wait: nothingInFlight, out string? path, cancellation);
        if (path is not null) waiting = (path, EstimateBytes(path));
        return path is not null;
    }

    /// <summary>Runs the network on the first photo read, and starts to write its mask.</summary>
    private void PredictNext(CancellationToken cancellation)
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

        photo.TimeSpent += Stopwatch.GetElapsedTime(started);
        writing.Enqueue((Task.Run(() => postprocessor.Finish(photo, arrays), CancellationToken.None), bytes));
    }

    /// <summary>
    /// Takes the first outcome if it is complete. Waits for it when the stage is too full, or when no photo is left to predict meanwhile.
    /// </summary>
    private bool TryTakeOutcome(CancellationToken cancellation, [NotNullWhen(true)] out PhotoOutcome? outcome)
    {
        outcome = null;
        if (!writing.TryPeek(out var first)) return false;
        bool wait = writing.Count > MaxWriting || reading.Count == 0;
        if (!wait && !first.Outcome.IsCompleted) return false;
        outcome = Prefetch.Result(first.Outcome, cancellation);
        writing.Dequeue();
        bytesInFlight -= first.Bytes;
        return true;
    }

    private Task<PreparedPhoto> StartReading(string path, CancellationToken cancellation)
    {
        try
        {
            string? mask = names.Mask(path, out bool skip), crop = skip ? null : names.Crop(path, out skip);
            if (skip) return Task.FromResult(new PreparedPhoto { ImagePath = path });
            return Task.Run(() => Read(path, mask, crop), cancellation);
        }
        catch (PhotoException e)
        {
            return Task.FromResult(new PreparedPhoto { ImagePath = path, Failure = e });
        }
    }

    private PreparedPhoto Read(string path, string? mask, string? crop)
    {
        long started = Stopwatch.GetTimestamp();
        if (!preprocessors.TryTake(out var preprocessor)) preprocessor = new Preprocessor(engine.Size);
        DecodedPhoto? photo = null;
        var arrays = buffers.Rent();
        bool handedOver = false;
        try
        {
            photo = ImageReader.DecodePhoto(path);
            preprocessor.Run(photo.Image, arrays.Planes);
            bool keep = (options.Overlay && mask is not null) || crop is not null;
            var prepared = new PreparedPhoto
            {
                ImagePath = path, MaskPath = mask, CropPath = crop, Width = photo.Header.Width, Height = photo.Header.Height,
                Buffers = arrays, Pool = buffers, Image = keep ? photo.Image : null, TimeSpent = Stopwatch.GetElapsedTime(started),
                Warning = ImageFlawText.Describe(path, photo.Flaws),
            };
            handedOver = true;
            if (keep) photo = null;
            return prepared;
        }
        catch (PhotoException e)
        {
            return new PreparedPhoto { ImagePath = path, Failure = e };
        }
        finally
        {
            photo?.Dispose();
            if (!handedOver) buffers.Return(arrays);
            preprocessors.Add(preprocessor);
        }
    }

    /// <summary>
    /// Estimates the bytes of a photo in flight: its file, its pixels, one byte per pixel for its mask, the network's input and output, and
    /// four bytes per pixel if its window is cut out, which is usually a fiftieth of that.
    /// </summary>
    private long EstimateBytes(string path)
    {
        try
        {
            var header = ImageReader.ReadHeader(path);
            long crop = options.CropPath is null ? 0 : 4 * header.Pixels;
            return new FileInfo(path).Length + header.DecodingBytes + header.Pixels + crop + PhotoBuffers.BytesFor(engine.Size);
        }
        catch (Exception e) when (e is PhotoException or IOException or UnauthorizedAccessException)
        {
            return 0; // Reading the photo fails with the same error, and reports it.
        }
    }
}
