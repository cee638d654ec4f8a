using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;

namespace WaterMeters.Fuzz;

/// <summary>
/// The result of reading one file: it was loaded, or refused with an error that names it. Anything else is an exception or the end of the
/// process. An ONNX file counts as loaded when ONNX Runtime computes logits with it.
/// </summary>
/// <param name="Loaded">Whether it became a model.</param>
/// <param name="Refusal">The error when it was refused.</param>
/// <param name="Allocated">The managed bytes that the reader allocated.</param>
/// <param name="Resident">The peak growth of the process while reading, bytes, managed and native; 0 when not measured.</param>
/// <param name="RefusedByEngine">Whether the reader accepted it and ONNX Runtime did not.</param>
public sealed record Trial(bool Loaded, string? Refusal, long Allocated, long Resident, bool RefusedByEngine)
{
    private const long Slack = 64 << 20;

    /// <summary>Reads a file. Its cost is measured before an engine loads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="measureProcess">Whether to measure the memory of the process, in which nothing else may run then.</param>
    /// <exception cref="InvalidOperationException">
    /// The error does not name the file, or reading it took more memory than twice its length plus 64 MB.
    /// </exception>
    public static Trial Run(string path, bool measureProcess = false)
    {
        long allowed = (2 * new FileInfo(path).Length) + Slack;
        long resident = measureProcess ? ResidentMemory.Restart() : 0, before = GC.GetAllocatedBytesForCurrentThread();
        var (model, refusal) = Try(path, () => ModelFile.Load(path));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (measureProcess) resident = ResidentMemory.Peak() - resident;
        if (allocated > allowed || resident > allowed)
        {
            throw new InvalidOperationException(
                $"Reading took {allocated} managed bytes and {resident} bytes of the process; {allowed} are allowed.");
        }

        if (model?.Onnx is null) return new Trial(model is not null, refusal, allocated, resident, false);
        (object? answer, refusal) = Try(path, () => Predict(model));
        return new Trial(answer is not null, refusal, allocated, resident, answer is null);
    }

    private static float[] Predict(SegmentationModel model)
    {
        using var engine = new OnnxEngine(model);
        float[] logits = new float[engine.Size * engine.Size];
        engine.Predict(new byte[UNetShape.InputChannels * logits.Length], logits);
        return logits;
    }

    private static (T? Result, string? Refusal) Try<T>(string path, Func<T> act)
        where T : class
    {
        try
        {
            return (act(), null);
        }
        catch (ModelException e)
        {
            return e.Message.Contains(path, StringComparison.Ordinal)
                ? (null, e.Message)
                : throw new InvalidOperationException($"The error does not name the file: {e.Message}", e);
        }
    }
}
