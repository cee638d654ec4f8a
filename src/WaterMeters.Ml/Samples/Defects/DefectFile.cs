namespace WaterMeters.Ml.Samples.Defects;

/// <summary>A file of a pair with a fault.</summary>
/// <param name="Folder">images or masks.</param>
/// <param name="Extension">With its dot.</param>
/// <param name="Content">The bytes.</param>
internal sealed record DefectFile(string Folder, string Extension, byte[] Content)
{
    /// <summary>What the names of a second pair end with.</summary>
    public const string SecondEnd = "-second";

    /// <summary>Whether it belongs to a second pair, which a duplicate takes.</summary>
    public bool IsSecond { get; init; }

    /// <summary>Whether its name is written in capitals.</summary>
    public bool IsShouted { get; init; }

    /// <summary>The file's name without extension, by that of the fault.</summary>
    public string NameFor(string fault)
    {
        string name = IsSecond ? fault + SecondEnd : fault;
        return IsShouted ? name.ToUpperInvariant() : name;
    }

    /// <summary>The same file for the second pair.</summary>
    public DefectFile AsSecond() => this with { IsSecond = true };
}
