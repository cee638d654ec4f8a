using System.Globalization;
using System.Management.Automation;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SkiaSharp;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace OlderDependencies;

/// <summary>
/// Calls each of the three libraries: reads an image's size and colour from YAML, sends them through protobuf, then draws, encodes and
/// decodes that image.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "OlderDependency")]
[OutputType(typeof(OlderDependencyUse))]
public sealed class InvokeOlderDependencyCommand : Cmdlet
{
    private const string Image = "width: 40\nheight: 30\ncolour: '#C4262B'\n";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        var sent = new Struct();
        foreach (var (key, value) in reader.Deserialize<Dictionary<string, string>>(Image)) sent.Fields.Add(key, Value.ForString(value));
        var received = Struct.Parser.ParseFrom(sent.ToByteArray()).Fields.ToDictionary(f => f.Key, f => f.Value.StringValue);
        var colour = SKColor.Parse(received["colour"]);
        using var drawn = new SKBitmap(Number(received["width"]), Number(received["height"]));
        drawn.Erase(colour);
        using var png = drawn.Encode(SKEncodedImageFormat.Png, 100);
        using var read = SKBitmap.Decode(png);
        WriteObject(new OlderDependencyUse
        {
            Pixels = read.Pixels.Count(pixel => pixel == colour),
            SkiaSharp = typeof(SKBitmap).Assembly,
            YamlDotNet = typeof(DeserializerBuilder).Assembly,
            Protobuf = typeof(Struct).Assembly,
        });
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
