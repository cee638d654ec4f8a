using WaterMeters.Ml.Models;

namespace WaterMeters.Fuzz;

/// <summary>What became of one file: it was loaded, or refused with an error that names it. Everything else is an exception that passes.</summary>
/// <param name="Loaded">Whether it became a model.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Allocated">Bytes the reading thread allocated; nothing native is.</param>
/// <param name="Allowed">Twice the file and 64 MB.</param>
public sealed record Trial(bool Loaded, string? Refusal, long Allocated, long Allowed)
{
    private const long Slack = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidOperationException">It was refused without its name, or cost more memory than allowed.</exception>
    public static Trial Of(string path)
    {
        long allowed = (2 * new FileInfo(path).Length) + Slack, before = GC.GetAllocatedBytesForCurrentThread();
        string? refusal = null;
        try
        {
            ModelFile.Load(path);
        }
        catch (ModelException e)
        {
            refusal = e.Message;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (refusal?.Contains(path, StringComparison.Ordinal) == false) throw new InvalidOperationException($"It was refused without its name: {refusal}");
        if (allocated > allowed) throw new InvalidOperationException($"It cost {allocated} bytes, of which {allowed} are allowed.");
        return new Trial(refusal is null, refusal, allocated, allowed);
    }
}
