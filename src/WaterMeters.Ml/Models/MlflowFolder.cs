using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace WaterMeters.Ml.Models;

/// <summary>A model as MLflow keeps it: a folder whose file <c>MLmodel</c> names the model file of each flavour.</summary>
internal static class MlflowFolder
{
    private const string Description = "MLmodel";
    private const int MaxBytes = 1 << 20, MaxDepth = 64;

    /// <summary>The model file of a folder's onnx flavour; null when the folder is none of MLflow's.</summary>
    /// <exception cref="ModelException">MLmodel cannot be read, or names no model this module reads.</exception>
    public static string? ModelFileIn(string folder)
    {
        string description = Path.Combine(folder, Description);
        if (!File.Exists(description)) return null;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(Checked(description)));
            string? name = yaml.Documents.Count > 0 ? Text(yaml.Documents[0].RootNode, "flavors", "onnx", "data") : null;
            if (name is not null && name.AsSpan().IndexOfAny("/\\:\0") < 0 && name is not ("" or "." or "..")) return Path.Combine(folder, name);
            throw new ModelException(folder, $"'{description}' names no onnx model file in its folder. Name the model file itself, or log the model with mlflow.onnx.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or YamlException or InvalidDataException)
        {
            throw new ModelException(folder, $"'{description}' cannot be read: {e.Sentence()} Name the model file itself.", e);
        }
    }

    /// <summary>
    /// The text of a description that can be loaded. The library goes down into it by recursion, and the stack's end is the process's; a
    /// list of references to lists of references has as many ways through it as it likes.
    /// </summary>
    private static string Checked(string description)
    {
        using var file = File.OpenRead(description);
        var buffer = new byte[MaxBytes + 1];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (length > MaxBytes) throw new InvalidDataException($"It has more than {MaxBytes} bytes.");
        using var reader = new StreamReader(new MemoryStream(buffer, 0, length));
        string text = reader.ReadToEnd();
        var parser = new Parser(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth) throw new InvalidDataException($"It is nested deeper than {MaxDepth}.");
            if (parser.Current is AnchorAlias) throw new InvalidDataException("It refers to parts of itself, which no description of MLflow's does.");
        }

        return text;
    }

    private static string? Text(YamlNode node, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (node is not YamlMappingNode mapping || !mapping.Children.TryGetValue(new YamlScalarNode(key), out var next)) return null;
            node = next;
        }

        return (node as YamlScalarNode)?.Value;
    }
}
