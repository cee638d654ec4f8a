using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Onnx;

namespace WaterMeters.Fuzz;

/// <summary>ONNX files in parts: one of this module, and one as PyTorch and MLflow write it.</summary>
public static class OnnxTemplates
{
    private const string DataFile = "foreign.data";

    // The names of parts: fields of the model, fields of the graph, a tensor without its data, the data of a tensor.
    private const string ModelField = "model", GraphField = "graph", TensorHead = "tensor", TensorData = "data";

    /// <summary>Returns a file as <c>Export-WmsModel</c> writes it.</summary>
    public static FileTemplate Ours(SegmentationModel model) =>
        Create("onnx", OnnxGraphWriter.Write(model, model.Shape.InputSize).Span, null);

    /// <summary>
    /// Returns the same network from another program: computed sizes, separate BatchNorm, all attributes, weights in a data file.
    /// </summary>
    public static FileTemplate Foreign(SegmentationModel model)
    {
        var (file, data) = ForeignOnnx.Write(model, DataFile);
        return Create("onnx-foreign", file, new FilePart(DataFile, data, false));
    }

    private static FileTemplate Create(string name, ReadOnlySpan<byte> file, FilePart? dataFile)
    {
        var parts = new List<FilePart>();
        foreach (var field in ProtobufField.Parse(file)!)
        {
            if (field.Number == OnnxFields.Graph) AddGraph(field.Bytes);
            else parts.Add(new FilePart(ModelField, ProtobufField.Write([field]), true));
        }

        var words = parts.Where(p => p.Name.StartsWith(GraphField, StringComparison.Ordinal))
            .SelectMany(p => ProtobufField.Parse(p.Bytes) ?? []).Where(f => f.Wire == 2).Select(f => f.Bytes)
            .Concat(OnnxShapes.Operations.Select(Encoding.UTF8.GetBytes)).DistinctBy(Convert.ToHexString).ToList();
        return new FileTemplate(name, ".onnx", parts, Join)
        {
            DataFile = dataFile,
            DamageMessage = (bytes, random) => ProtobufField.Damage(bytes, random, words),
        };

        void AddGraph(byte[] graph)
        {
            foreach (var field in ProtobufField.Parse(graph)!)
            {
                if (field.Number != OnnxFields.Initializer)
                {
                    parts.Add(new FilePart(FormattableString.Invariant($"{GraphField} {field.Number}"), field.Bytes, true));
                    continue;
                }

                var tensor = ProtobufField.Parse(field.Bytes)!;
                parts.Add(new FilePart(TensorHead, ProtobufField.Write(tensor.Where(f => f.Number != OnnxFields.RawData)), true));
                parts.AddRange(tensor.Where(f => f.Number == OnnxFields.RawData).Select(f => new FilePart(TensorData, f.Bytes, false)));
            }
        }
    }

    private static byte[] Join(IReadOnlyList<FilePart> parts)
    {
        List<byte> model = [], tensor = [];
        var graph = new List<ProtobufField>();
        foreach (var part in parts)
        {
            if (part.Name == TensorData)
            {
                tensor.AddRange(ProtobufField.Write([new(OnnxFields.RawData, part.Bytes)]));
                continue;
            }

            Finish();
            if (part.Name == TensorHead) tensor.AddRange(part.Bytes);
            else if (part.Name == ModelField) model.AddRange(part.Bytes);
            else graph.Add(new(FieldNumber(part.Name), part.Bytes));
        }

        Finish();
        return [.. model, .. ProtobufField.Write([new(OnnxFields.Graph, ProtobufField.Write(graph))])];

        // A damaged name has no valid number.
        static int FieldNumber(string name) =>
            int.TryParse(name.Split(' ')[^1], CultureInfo.InvariantCulture, out int number) && number is > 0 and < 10_000 ? number : 200;

        void Finish()
        {
            if (tensor.Count > 0) graph.Add(new(OnnxFields.Initializer, [.. tensor]));
            tensor.Clear();
        }
    }
}
