namespace WaterMeters.Fuzz;

/// <summary>A sound model file in its parts, so that one part can be damaged and the rest still fit around it.</summary>
/// <param name="Name">What it is, such as <c>pth-module</c>.</param>
/// <param name="Extension">Of its files, with the dot.</param>
/// <param name="Parts">Names and bytes, in their order.</param>
/// <param name="Join">Makes a file of parts.</param>
public sealed record FileTemplate(string Name, string Extension, IReadOnlyList<FilePart> Parts, Func<IReadOnlyList<FilePart>, byte[]> Join)
{
    /// <summary>A file that must lie beside it under the part's name; null when there is none.</summary>
    public FilePart? Beside { get; init; }

    /// <summary>Damages the bytes of a part so that the format around it still fits, or gives null; null where no such way is known.</summary>
    public Func<byte[], Random, byte[]?>? DamageMessage { get; init; }
}

/// <summary>A piece of a file.</summary>
/// <param name="Name">What it is called in the file, or what it is.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Describes">Whether it says what the file holds, and is no row of numbers.</param>
public sealed record FilePart(string Name, byte[] Bytes, bool Describes);
