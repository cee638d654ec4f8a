using System.Reflection;

namespace Neighbour;

/// <summary>What came back of the neighbour's picture, and the assemblies that made it.</summary>
public sealed class NeighbourPicture
{
    /// <summary>Pixels of the colour that the YAML text asks for; all 1200 when all libraries work.</summary>
    public required int Pixels { get; init; }

    /// <summary>The SkiaSharp that drew it.</summary>
    public required Assembly SkiaSharp { get; init; }

    /// <summary>The YamlDotNet that read the text.</summary>
    public required Assembly YamlDotNet { get; init; }

    /// <summary>The Google.Protobuf that carried the wish.</summary>
    public required Assembly Protobuf { get; init; }
}
