using System.Globalization;
using System.Management.Automation;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SkiaSharp;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Neighbour;

/// <summary>Draws the picture that a YAML text asks for, sends the wish through protobuf, encodes the picture, decodes it and counts what came back: all libraries are really used.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "NeighbourPicture")]
[OutputType(typeof(NeighbourPicture))]
public sealed class MeasureNeighbourPictureCommand : Cmdlet
{
    private const string Wish = "width: 40\nheight: 30\ncolour: '#C4262B'\n";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        var sent = new Struct();
        foreach (var (key, value) in reader.Deserialize<Dictionary<string, string>>(Wish)) sent.Fields.Add(key, Value.ForString(value));
        var wish = Struct.Parser.ParseFrom(sent.ToByteArray()).Fields.ToDictionary(f => f.Key, f => f.Value.StringValue);
        var colour = SKColor.Parse(wish["colour"]);
        using var drawn = new SKBitmap(Number(wish["width"]), Number(wish["height"]));
        drawn.Erase(colour);
        using var png = drawn.Encode(SKEncodedImageFormat.Png, 100);
        using var read = SKBitmap.Decode(png);
        WriteObject(new NeighbourPicture
        {
            Pixels = read.Pixels.Count(pixel => pixel == colour),
            SkiaSharp = typeof(SKBitmap).Assembly,
            YamlDotNet = typeof(DeserializerBuilder).Assembly,
            Protobuf = typeof(Struct).Assembly,
        });
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
