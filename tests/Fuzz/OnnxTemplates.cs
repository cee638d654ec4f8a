using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Onnx;

namespace WaterMeters.Fuzz;

/// <summary>ONNX files in parts: ours, and one written as PyTorch and MLflow write theirs.</summary>
public static class OnnxTemplates
{
    private const string Beside = "foreign.data";

    // Where the fields of a part go.
    private const string OfModel = "model", OfGraph = "graph", Head = "tensor", Numbers = "data";

    /// <summary>What <c>Export-WmsModel</c> writes.</summary>
    public static FileTemplate Ours(SegmentationModel model) => Of("onnx", OnnxGraphWriter.Write(model, model.Shape.InputSize).Span, null);

    /// <summary>The same network from elsewhere: sizes that are computed, BatchNorm on its own, every attribute written out, weights in a file beside it.</summary>
    public static FileTemplate Foreign(SegmentationModel model)
    {
        var (file, data) = ForeignOnnx.Write(model, Beside);
        return Of("onnx-foreign", file, new FilePart(Beside, data, false));
    }

    private static FileTemplate Of(string name, ReadOnlySpan<byte> file, FilePart? beside)
    {
        var parts = new List<FilePart>();
        foreach (var field in ProtobufField.Parse(file)!)
        {
            if (field.Number == OnnxFields.Graph) AddGraph(field.Bytes);
            else parts.Add(new FilePart(OfModel, ProtobufField.Write([field]), true));
        }

        var words = parts.Where(p => p.Name.StartsWith(OfGraph, StringComparison.Ordinal)).SelectMany(p => ProtobufField.Parse(p.Bytes) ?? []).Where(f => f.Wire == 2).Select(f => f.Bytes)
            .Concat(OnnxShapes.Operations.Select(Encoding.UTF8.GetBytes)).DistinctBy(Convert.ToHexString).ToList();
        return new FileTemplate(name, ".onnx", parts, Join) { Beside = beside, DamageMessage = (bytes, random) => ProtobufField.Damage(bytes, random, words) };

        void AddGraph(byte[] graph)
        {
            foreach (var field in ProtobufField.Parse(graph)!)
            {
                if (field.Number != OnnxFields.Initializer)
                {
                    parts.Add(new FilePart(FormattableString.Invariant($"{OfGraph} {field.Number}"), field.Bytes, true));
                    continue;
                }

                var tensor = ProtobufField.Parse(field.Bytes)!;
                parts.Add(new FilePart(Head, ProtobufField.Write(tensor.Where(f => f.Number != OnnxFields.RawData)), true));
                parts.AddRange(tensor.Where(f => f.Number == OnnxFields.RawData).Select(f => new FilePart(Numbers, f.Bytes, false)));
            }
        }
    }

    private static byte[] Join(IReadOnlyList<FilePart> parts)
    {
        List<byte> model = [], tensor = [];
        var graph = new List<ProtobufField>();
        foreach (var part in parts)
        {
            if (part.Name == Numbers)
            {
                tensor.AddRange(ProtobufField.Write([new(OnnxFields.RawData, part.Bytes)]));
                continue;
            }

            Finish();
            if (part.Name == Head) tensor.AddRange(part.Bytes);
            else if (part.Name == OfModel) model.AddRange(part.Bytes);
            else graph.Add(new(int.TryParse(part.Name.Split(' ')[^1], CultureInfo.InvariantCulture, out int number) && number is > 0 and < 10_000 ? number : 200, part.Bytes));
        }

        Finish();
        return [.. model, .. ProtobufField.Write([new(OnnxFields.Graph, ProtobufField.Write(graph))])];

        void Finish()
        {
            if (tensor.Count > 0) graph.Add(new(OnnxFields.Initializer, [.. tensor]));
            tensor.Clear();
        }
    }
}
