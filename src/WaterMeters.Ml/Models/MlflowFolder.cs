using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Settings;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaterMeters.Ml.Models;

/// <summary>A model as MLflow keeps it: a folder whose file <c>MLmodel</c> names the model file of each flavour.</summary>
internal static class MlflowFolder
{
    private const string Description = "MLmodel";

    /// <summary>The model file of a folder's onnx flavour; null when the folder is none of MLflow's.</summary>
    /// <exception cref="ModelException">MLmodel cannot be read, or names no model this module reads.</exception>
    public static string? ModelFileIn(string folder)
    {
        string description = Path.Combine(folder, Description);
        if (!File.Exists(description)) return null;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(YamlText.Read(description)));
            string? name = yaml.Documents.Count > 0 ? Text(yaml.Documents[0].RootNode, "flavors", "onnx", "data") : null;
            if (name is not null && name.AsSpan().IndexOfAny("/\\:\0") < 0 && name is not ("" or "." or "..")) return Path.Combine(folder, name);
            throw new ModelException(folder, $"'{description}' names no onnx model file in its folder. Name the model file itself, or log the model with mlflow.onnx.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or YamlException or InvalidDataException)
        {
            throw new ModelException(folder, $"'{description}' cannot be read: {e.Sentence()} Name the model file itself.", e);
        }
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
