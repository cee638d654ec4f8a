using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Reads the gate options of a project from the section <c>gate</c> of its wms.yaml.</summary>
public static class GateSettings
{
    private static readonly string[] Keys = ["policy", "alpha", "margin", "minimumDice", "minimumPhotos"];

    /// <summary>Returns the defaults, overridden by the file. Keys and policies are not case-sensitive.</summary>
    /// <param name="file">The file, or null for the defaults.</param>
    /// <param name="warn">Called with a warning for each unknown key.</param>
    /// <exception cref="SettingsException">
    /// A value is invalid, or a file that is read strictly has an unknown key; the message names file and key.
    /// </exception>
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
                "minimumPhotos" => options with { MinimumPhotos = Count() },
                _ => Unknown(),
            };
            try
            {
                options.Check();
            }
            catch (SettingsException e)
            {
                throw new SettingsException(file.Path, $"Invalid value '{value}' for gate.{key} in '{file.Path}': {e.Message}", e);
            }

            GatePolicy Policy()
            {
                string[] names = Enum.GetNames<GatePolicy>();
                return EnumName.TryParse(value, out GatePolicy policy)
                    ? policy
                    : throw Invalid(string.Join(", ", names[..^1]) + " or " + names[^1]);
            }

            double Number() => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number
                : throw Invalid("a number such as 0.01");

            int Count() => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                ? count
                : throw Invalid("a whole number");

            SettingsException Invalid(string wanted) =>
                new(file.Path, $"Invalid value '{value}' for gate.{key} in '{file.Path}': use {wanted}.");

            GateOptions Unknown()
            {
                file.ReportUnknown("gate", key, Keys, warn);
                return options;
            }
        }

        return options;
    }
}
