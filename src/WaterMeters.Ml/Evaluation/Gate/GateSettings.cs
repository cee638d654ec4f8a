using System.Globalization;
using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>What a project asks of its models: the part <c>gate</c> of its wms.yaml.</summary>
public static class GateSettings
{
    private static readonly string[] Keys = ["policy", "alpha", "margin", "minimumDice", "minimumPhotos"];

    /// <summary>The defaults with what the file says, keys and policies in any case.</summary>
    /// <param name="file">The file, or null for the defaults.</param>
    /// <param name="warn">Hears of keys that nobody knows.</param>
    /// <exception cref="SettingsException">A value cannot be used; the message names file and key.</exception>
    public static GateOptions Read(SettingsFile? file, Action<string> warn)
    {
        var options = new GateOptions();
        if (file is null) return options;
        foreach (var (key, value) in file.Part("gate"))
        {
            options = Array.Find(Keys, k => k.Equals(key, StringComparison.OrdinalIgnoreCase)) switch
            {
                "policy" => options with { Policy = Policy() },
                "alpha" => options with { Alpha = Number() },
                "margin" => options with { Margin = Number() },
                "minimumDice" => options with { MinimumDice = Number() },
                "minimumPhotos" => options with { MinimumPhotos = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int photos) ? photos : throw Refused("a whole number") },
                _ => Unknown(),
            };
            try
            {
                options.Check();
            }
            catch (SettingsException e)
            {
                throw new SettingsException(file.Path, $"'{file.Path}' says gate.{key}: {value}. {e.Message}", e);
            }

            // By its whole name: the parser also takes numbers, and several names joined to yet another policy.
            GatePolicy Policy() => Array.Find(Enum.GetNames<GatePolicy>(), name => name.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } known
                ? Enum.Parse<GatePolicy>(known)
                : throw Refused(string.Join(", ", Enum.GetNames<GatePolicy>()[..^1]) + " or " + Enum.GetNames<GatePolicy>()[^1]);

            double Number() => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Refused("a number such as 0.01");

            SettingsException Refused(string wanted) => new(file.Path, $"'{file.Path}' says gate.{key}: {value}; it is to be {wanted}.");

            GateOptions Unknown()
            {
                warn($"{file.Path}: nobody knows the key 'gate.{key}'; it changes nothing. The keys of gate are {string.Join(", ", Keys)}.");
                return options;
            }
        }

        return options;
    }
}
