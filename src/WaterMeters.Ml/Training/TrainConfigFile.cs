using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Training;

/// <summary>The seed system's <c>train.yaml</c>, read as it is: its keys, its recipe.</summary>
public static class TrainConfigFile
{
    /// <summary>
    /// The seed system's recipe with the values of a file: one size, binary cross-entropy, Adam with weight decay in the gradient,
    /// a lower rate on a plateau, early stopping, no average of the weights.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not say, such as the folders.</param>
    /// <param name="warn">Hears of keys that nobody knows.</param>
    /// <exception cref="SettingsException">The file cannot be read, or a value cannot be used; the message names file, key and value.</exception>
    public static TrainingOptions Read(string path, TrainingOptions options, Action<string> warn)
    {
        var file = new Values(path, warn);
        file.Text("model.architecture", UNetShape.Architecture, text => text is "unet", "unet");
        file.Text("model.input_channels", "3", text => text is "3", "3");
        file.Text("model.output_channels", "1", text => text is "1", "1");
        int size = file.Whole("model.input_size", 512), epochs = file.Whole("training.epochs", 50), batch = file.Whole("training.batch_size", 4);
        CheckFractions(file);
        var read = options with
        {
            Loss = LossKind.Bce,
            Optimizer = OptimizerKind.Adam,
            Schedule = ScheduleKind.Plateau,
            AverageDecay = 0,
            LearningRate = file.Number("training.learning_rate", 1e-4),
            WeightDecay = file.Number("training.weight_decay", 1e-4),
            EarlyStoppingPatience = file.Whole("training.early_stopping_patience", 5),
            PlateauFactor = file.Number("training.scheduler.factor", 0.5),
            PlateauPatience = file.Whole("training.scheduler.patience", 3),
            MinimumLearningRate = file.Number("training.scheduler.min_lr", 1e-6),
            HorizontalFlip = file.Number("augmentation.horizontal_flip", 0.5),
            VerticalFlip = file.Number("augmentation.vertical_flip", 0.3),
            RotationDegrees = file.Number("augmentation.rotation_degrees", 10),
            RotationProbability = file.Number("augmentation.rotation_prob", 0.5),
            BrightnessProbability = file.Number("augmentation.color_jitter_prob", 0.3),
            Stages = [Stage(path, size, epochs, batch)],
        };
        file.WarnOfUnknown();
        try
        {
            read.Check();
        }
        catch (SettingsException e)
        {
            throw new SettingsException(path, $"'{path}' cannot be used: {e.Message}", e);
        }

        return read;
    }

    private static TrainingStage Stage(string path, int size, int epochs, int batch)
    {
        try
        {
            return new TrainingStage(size, epochs, batch);
        }
        catch (ArgumentException e)
        {
            throw new SettingsException(path, $"'{path}' cannot be used: {e.Sentence()}", e);
        }
    }

    /// <summary>The split is a function of each photo's content here; other fractions than the default belong into a split file.</summary>
    private static void CheckFractions(Values file)
    {
        double train = file.Number("data.train_split", 0.8), validation = file.Number("data.val_split", 0.1), test = file.Number("data.test_split", 0.1);
        if (Math.Abs(train - 0.8) + Math.Abs(validation - 0.1) + Math.Abs(test - 0.1) > 1e-9)
        {
            file.Warn(FormattableString.Invariant($"data.*_split say {train}/{validation}/{test}; they are not used. Photos stay where their content puts them (0.8/0.1/0.1); name other fractions in a split file with -SplitPath."));
        }
    }

    private sealed class Values
    {
        private readonly string path;
        private readonly Action<string> warn;
        private readonly YamlValues values;
        private readonly HashSet<string> asked = new(StringComparer.Ordinal);

        public Values(string path, Action<string> warn)
        {
            (this.path, this.warn) = (path, warn);
            values = YamlValues.Read(path);
        }

        public void Warn(string message) => warn($"{path}: {message}");

        public void Text(string key, string standard, Func<string, bool> usable, string allowed)
        {
            string text = Ask(key) ?? standard;
            if (!usable(text)) throw new SettingsException(path, $"'{path}' says {key}: {text}; this module can only do {allowed}. Write that, or train this network with other software.");
        }

        public double Number(string key, double standard)
        {
            if (Ask(key) is not { } text) return standard;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? number
                : throw new SettingsException(path, $"'{path}' says {key}: {text}, which is no number. Write one there.");
        }

        public int Whole(string key, int standard)
        {
            if (Ask(key) is not { } text) return standard;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw new SettingsException(path, $"'{path}' says {key}: {text}, which is no whole number. Write one of 0 or more there.");
        }

        public void WarnOfUnknown()
        {
            foreach (string key in values.Keys.Where(key => !asked.Contains(key)).Order(StringComparer.Ordinal)) Warn($"nobody knows the key '{key}'; it changes nothing.");
        }

        private string? Ask(string key)
        {
            asked.Add(key);
            return values[key];
        }
    }
}
