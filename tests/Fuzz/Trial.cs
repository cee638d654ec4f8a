using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;

namespace WaterMeters.Fuzz;

/// <summary>
/// What became of one file: it was loaded, or refused with an error that names it. Everything else is an exception that passes, or the
/// end of the process. An ONNX file is loaded when ONNX Runtime has taken it and given logits.
/// </summary>
/// <param name="Loaded">Whether it became a model.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Allocated">Managed bytes that our reader allocated.</param>
/// <param name="Resident">Bytes by which reading made the process larger at its peak, managed and native; 0 when they were not asked for.</param>
/// <param name="RefusedByEngine">Whether our reader took it and ONNX Runtime did not.</param>
public sealed record Trial(bool Loaded, string? Refusal, long Allocated, long Resident, bool RefusedByEngine)
{
    private const long Slack = 64 << 20;

    /// <summary>Reads a file. What it costs is counted before any engine sees it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="alone">Whether nothing else runs in the process, so that its memory is the reader's.</param>
    /// <exception cref="InvalidOperationException">It was refused without its name, or cost more memory than twice its length and 64 MB.</exception>
    public static Trial Of(string path, bool alone = false)
    {
        long length = new FileInfo(path).Length, allowed = (2 * length) + Slack, resident = alone ? ResidentMemory.Restart() : 0, before = GC.GetAllocatedBytesForCurrentThread();
        var (model, refusal) = Try(path, () => ModelFile.Load(path));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (alone) resident = ResidentMemory.Peak() - resident;
        if (allocated > allowed || resident > allowed) throw new InvalidOperationException($"It cost {allocated} managed bytes and {resident} of the process, of which {allowed} are allowed.");

        if (model?.Onnx is null) return new Trial(model is not null, refusal, allocated, resident, false);
        (object? answer, refusal) = Try(path, () => Run(model));
        return new Trial(answer is not null, refusal, allocated, resident, answer is null);
    }

    private static float[] Run(SegmentationModel model)
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
            return e.Message.Contains(path, StringComparison.Ordinal) ? (null, e.Message) : throw new InvalidOperationException($"It was refused without its name: {e.Message}", e);
        }
    }
}
