namespace WaterMeters.Fuzz;

/// <summary>A valid model file in parts, so that one part can be damaged and the rest still fits.</summary>
/// <param name="Name">Its name, such as <c>pth-module</c>.</param>
/// <param name="Extension">The extension of its files, with the dot.</param>
/// <param name="Parts">Its parts, in order.</param>
/// <param name="Join">Joins parts to a file.</param>
public sealed record FileTemplate(string Name, string Extension, IReadOnlyList<FilePart> Parts, Func<IReadOnlyList<FilePart>, byte[]> Join)
{
    /// <summary>A second file in the same folder, with the name of the part; null when there is none.</summary>
    public FilePart? DataFile { get; init; }

    /// <summary>
    /// Damages the bytes of a part so that the format around it still fits, or returns null; null when the format has no such function.
    /// </summary>
    public Func<byte[], Random, byte[]?>? DamageMessage { get; init; }
}

/// <summary>A part of a file.</summary>
/// <param name="Name">Its name, in the file where it has one.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Describes">Whether it describes the content, and is not the data of a tensor.</param>
public sealed record FilePart(string Name, byte[] Bytes, bool Describes);
