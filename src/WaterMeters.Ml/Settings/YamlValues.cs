using WaterMeters.Ml.Foundation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaterMeters.Ml.Settings;

/// <summary>The values of a YAML file by key; a nested key is <c>outer.inner</c>.</summary>
internal sealed class YamlValues
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private YamlValues()
    {
    }

    /// <summary>All keys that have a value.</summary>
    public IEnumerable<string> Keys => values.Keys;

    /// <summary>The value of a key as written; null when there is none.</summary>
    public string? this[string key] => values.GetValueOrDefault(key);

    /// <summary>Reads a file.</summary>
    /// <exception cref="SettingsException">It cannot be read, or is not YAML; the message names the file and the line.</exception>
    public static YamlValues Read(string path) => Read(path, () => YamlText.Read(path));

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Where it is from, for messages.</param>
    /// <exception cref="SettingsException">It is not YAML; the message names the source and the line.</exception>
    public static YamlValues Parse(string text, string source) => Read(source, () => YamlText.Check(text));

    private static YamlValues Read(string path, Func<string> text)
    {
        var read = new YamlValues();
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text()));
            if (yaml.Documents.Count > 0) read.Flatten(yaml.Documents[0].RootNode, "");
            return read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, $"Cannot read '{path}': {e.Sentence()} Check the path and its permissions.", e);
        }
        catch (InvalidDataException e)
        {
            throw new SettingsException(path,
                $"Cannot use '{path}': {e.Sentence()} Write plain keys and values, or choose another file.", e);
        }
        catch (YamlException e)
        {
            throw new SettingsException(path, $"'{path}' is not valid YAML, line {e.Start.Line}: {e.Sentence()} Correct that line.", e);
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
