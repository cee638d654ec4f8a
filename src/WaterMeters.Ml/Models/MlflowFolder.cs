using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Settings;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaterMeters.Ml.Models;

/// <summary>A model folder of MLflow: its file <c>MLmodel</c> names the model file of each flavor.</summary>
internal static class MlflowFolder
{
    /// <summary>The name of the file that describes the model.</summary>
    internal const string Description = "MLmodel";

    /// <summary>
    /// Finds the weights that this module wrote beside the model of the onnx flavor, or else the ONNX file; null when the folder is not
    /// from MLflow.
    /// </summary>
    /// <exception cref="ModelException">MLmodel cannot be read, or names no model that this module can read.</exception>
    public static string? ModelFileIn(string folder)
    {
        string description = Path.Combine(folder, Description);
        if (!File.Exists(description)) return null;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(YamlText.Read(description)));
            var root = yaml.Documents.Count > 0 ? yaml.Documents[0].RootNode : new YamlMappingNode();
            string? weights = Text(root, "metadata", MlflowFolderWriter.WeightsKey);
            if (IsFileName(weights) && File.Exists(Path.Combine(folder, weights!))) return Path.Combine(folder, weights!);

            string? name = Text(root, "flavors", "onnx", "data");
            return IsFileName(name) ? Path.Combine(folder, name!) : throw new ModelException(folder,
                $"'{description}' does not name an ONNX model file in its folder. Pass the model file itself, or log the model with " +
                "mlflow.onnx.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or YamlException or InvalidDataException)
        {
            throw new ModelException(folder, $"Cannot read '{description}': {e.Sentence()} Pass the model file itself.", e);
        }
    }

    private static bool IsFileName(string? name) =>
        name is not (null or "" or "." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0;

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
