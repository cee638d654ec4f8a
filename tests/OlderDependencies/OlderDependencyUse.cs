using System.Reflection;

namespace OlderDependencies;

/// <summary>The result of Invoke-OlderDependency, and the assemblies that produced it.</summary>
public sealed class OlderDependencyUse
{
    /// <summary>Pixels of the colour given in YAML: 1200 when all three libraries work.</summary>
    public required int Pixels { get; init; }

    /// <summary>The SkiaSharp that drew the image.</summary>
    public required Assembly SkiaSharp { get; init; }

    /// <summary>The YamlDotNet that read the YAML.</summary>
    public required Assembly YamlDotNet { get; init; }

    /// <summary>The Google.Protobuf that serialized the values.</summary>
    public required Assembly Protobuf { get; init; }
}
