using WaterMeters.Ml.Foundation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaterMeters.Ml.Settings;

/// <summary>The values of a YAML file by their keys; a key within a key is <c>outer.inner</c>.</summary>
internal sealed class YamlValues
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private YamlValues()
    {
    }

    /// <summary>All keys that have a value.</summary>
    public IEnumerable<string> Keys => values.Keys;

    /// <summary>The value of a key as it is written; null where there is none.</summary>
    public string? this[string key] => values.GetValueOrDefault(key);

    /// <summary>Reads a file.</summary>
    /// <exception cref="SettingsException">It cannot be read, or is no YAML; the message names the file, and the line.</exception>
    public static YamlValues Read(string path)
    {
        var read = new YamlValues();
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(YamlText.Read(path)));
            if (yaml.Documents.Count > 0) read.Flatten(yaml.Documents[0].RootNode, "");
            return read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, $"The configuration '{path}' cannot be read: {e.Sentence()} Check the path, and who may read it.", e);
        }
        catch (InvalidDataException e)
        {
            throw new SettingsException(path, $"The configuration '{path}' is refused: {e.Sentence()} Write its values out, or name another file.", e);
        }
        catch (YamlException e)
        {
            throw new SettingsException(path, $"'{path}' is no valid YAML, line {e.Start.Line}: {e.Sentence()} Correct that line.", e);
        }
    }

    private void Flatten(YamlNode node, string prefix)
    {
        if (node is not YamlMappingNode mapping)
        {
            values[prefix] = node is YamlScalarNode scalar ? scalar.Value ?? "" : node.ToString();
            return;
        }

        foreach (var (key, value) in mapping.Children)
        {
            string name = key is YamlScalarNode scalar ? scalar.Value ?? "" : key.ToString();
            Flatten(value, prefix.Length == 0 ? name : $"{prefix}.{name}");
        }
    }
}
