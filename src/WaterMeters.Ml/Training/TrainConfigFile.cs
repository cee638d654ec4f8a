using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Training;

/// <summary>Reads the legacy pipeline's <c>train.yaml</c>.</summary>
public static class TrainConfigFile
{
    /// <summary>
    /// Returns the legacy pipeline's recipe with the values of a file: one size, binary cross-entropy, Adam with weight decay in the
    /// gradient, a lower rate on a plateau, early stopping, no average of the weights.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Options that the file does not set, such as the folders.</param>
    /// <param name="warn">Called with a warning for each unknown key.</param>
    /// <exception cref="SettingsException">The file cannot be read, or a value is invalid; the message names both.</exception>
    public static TrainingOptions Read(string path, TrainingOptions options, Action<string> warn)
    {
        var file = new Values(path, warn);
        file.Only("model.architecture", UNetShape.Architecture);
        file.Only("model.input_channels", "3");
        file.Only("model.output_channels", "1");
        int size = file.Whole("model.input_size", 512), epochs = file.Whole("training.epochs", 50);
        int batch = file.Whole("training.batch_size", 4);
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
            throw new SettingsException(path, $"Cannot use '{path}': {e.Message}", e);
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
            throw new SettingsException(path, $"Cannot use '{path}': {e.Sentence()}", e);
        }
    }

    /// <summary>Warns of fractions other than the default: here the content of each photo decides its part, or a split file does.</summary>
    private static void CheckFractions(Values file)
    {
        double train = file.Number("data.train_split", 0.8), validation = file.Number("data.val_split", 0.1);
        double test = file.Number("data.test_split", 0.1);
        if (Math.Abs(train - 0.8) + Math.Abs(validation - 0.1) + Math.Abs(test - 0.1) <= 1e-9) return;
        file.Warn(
            FormattableString.Invariant($"data.*_split {train}/{validation}/{test} ignored: the content of each photo decides its part ") +
            "(0.8/0.1/0.1). To use other fractions, pass a split file with -SplitPath.");
    }

    private sealed class Values
    {
        private readonly string path;
        private readonly Action<string> warn;
        private readonly YamlValues values;
        private readonly HashSet<string> known = new(StringComparer.Ordinal);

        public Values(string path, Action<string> warn)
        {
            (this.path, this.warn) = (path, warn);
            values = YamlValues.Read(path);
        }

        public void Warn(string message) => warn($"{path}: {message}");

        public void Only(string key, string allowed)
        {
            string text = Text(key) ?? allowed;
            if (text != allowed) throw Invalid(key, text, $"only {allowed} is supported. Use {allowed}.");
        }

        public double Number(string key, double fallback)
        {
            if (Text(key) is not { } text) return fallback;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? number
                : throw Invalid(key, text, "a number is required.");
        }

        public int Whole(string key, int fallback)
        {
            if (Text(key) is not { } text) return fallback;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw Invalid(key, text, "a whole number of 0 or more is required.");
        }

        public void WarnOfUnknown()
        {
            foreach (string key in values.Keys.Where(key => !known.Contains(key)).Order(StringComparer.Ordinal))
            {
                warn(UnknownKey.Warning(path, key, known));
            }
        }

        private string? Text(string key)
        {
            known.Add(key);
            return values[key];
        }

        private SettingsException Invalid(string key, string text, string reason) =>
            new(path, $"'{path}' has {key}: {text}, but {reason}");
    }
}
