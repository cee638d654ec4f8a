using System.Globalization;
using System.Text.Json;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>The text in a model file that says what the weights alone do not: keys, and their way in and out.</summary>
internal static class ModelMetadata
{
    /// <summary>Present in a training's checkpoint only, which is no model: the state of the training, as JSON.</summary>
    internal const string TrainingStateKey = "watermeters.training_state";

    private const string
        Architecture = "watermeters.architecture",
        BaseChannels = "watermeters.base_channels",
        InputSize = "watermeters.input_size",
        Preprocessing = "watermeters.preprocessing",
        Metrics = "watermeters.metrics",
        Seed = "watermeters.seed",
        ModuleVersion = "watermeters.module_version",
        TrainingPhotos = "watermeters.training_photos",
        ValidationPhotos = "watermeters.validation_photos",
        DatasetDigest = "watermeters.dataset_digest",
        SplitDigest = "watermeters.split_digest";

    /// <summary>The text that describes a model.</summary>
    public static IReadOnlyDictionary<string, string> Write(SegmentationModel model)
    {
        var text = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt", // what Hugging Face's loaders ask for before they load tensors into PyTorch
            [Architecture] = UNetShape.Architecture,
            [BaseChannels] = Number(model.Shape.BaseChannels),
            [InputSize] = Number(model.Shape.InputSize),
            [Preprocessing] = model.Preprocessing,
            [Metrics] = JsonSerializer.Serialize(model.Metrics.Where(m => double.IsFinite(m.Value)).ToDictionary(m => m.Key, m => m.Value)),
        };
        if (model.Seed is { } seed) text[Seed] = Number(seed);
        if (model.ModuleVersion is { } version) text[ModuleVersion] = version;
        if (model.Provenance is { } seen)
        {
            text[TrainingPhotos] = string.Join(' ', seen.TrainingPhotos);
            text[ValidationPhotos] = string.Join(' ', seen.ValidationPhotos);
            text[DatasetDigest] = seen.DatasetDigest;
            text[SplitDigest] = seen.SplitDigest;
        }

        return text;
    }

    /// <summary>
    /// A model out of what its file holds. What the text leaves out takes its default, with a warning; what contradicts the weights is refused.
    /// </summary>
    /// <exception cref="ModelException">The text contradicts the weights, or names what this version does not know.</exception>
    public static SegmentationModel Read(string path, StoredTensors stored) => Read(path, stored, null);

    /// <summary>A model that is an ONNX file, out of its metadata_props.</summary>
    /// <exception cref="ModelException">The text contradicts the file, or names what this version does not know.</exception>
    public static SegmentationModel Read(OnnxModel file) =>
        Read(file.Path, new StoredTensors { Metadata = file.Metadata, Tensors = new Dictionary<string, WeightTensor>() }, file);

    private static SegmentationModel Read(string path, StoredTensors stored, OnnxModel? onnx)
    {
        var text = stored.Metadata;
        if (text.ContainsKey(TrainingStateKey))
        {
            throw new ModelException(path, $"'{path}' is the checkpoint of a training, from which -Resume goes on, and no model. Use the model.safetensors beside it.");
        }

        if (text.TryGetValue(Architecture, out string? architecture) && architecture != UNetShape.Architecture)
        {
            throw new ModelException(path, $"The metadata of '{path}' say architecture '{ModelRefusedException.Shown(architecture)}', but its weights are those of a '{UNetShape.Architecture}'. Use a file whose metadata belong to its weights.");
        }

        int? declared = Integer(path, text, BaseChannels);
        int baseChannels = declared ?? new UNetShape().BaseChannels;
        if (onnx is null) UNetWeights.Check(path, stored.Tensors, baseChannels, declared is null ? $"A file that declares no width is taken for one of {baseChannels} base channels; another is declared by the metadata '{BaseChannels}' of a .safetensors file." : $"Its metadata say {baseChannels} base channels; use a file whose metadata belong to its weights.");

        if (text.TryGetValue(Preprocessing, out string? preprocessing) && preprocessing != Imaging.Preprocessor.Version)
        {
            throw new ModelException(path, $"'{path}' was trained with preprocessing version {ModelRefusedException.Shown(preprocessing)}; this module has version {Imaging.Preprocessor.Version}. Update the module, or train the model again.");
        }

        var warnings = new List<string>();
        int inputSize = Integer(path, text, InputSize) ?? onnx?.Size ?? Assume(new UNetShape().InputSize, "input size");
        if (onnx is not null && inputSize != onnx.Size)
        {
            throw new ModelException(path, $"The metadata of '{path}' say input size {inputSize}, but its graph takes {onnx.Size}. Use a file whose metadata belong to its graph.");
        }

        if (!UNetShape.IsInputSize(inputSize))
        {
            throw new ModelException(path, $"The metadata of '{path}' say input size {inputSize}; it must be 16 to 4096 and divisible by 16. Use the file as it was written.");
        }

        if (preprocessing is null) Assume(1, "preprocessing version");
        string[] assumptions = [.. warnings];
        var provenance = Seen(path, text);
        if (provenance is null) warnings.Add($"'{path}' does not say which photos it has seen, so an unseen test cannot be promised.");
        return new SegmentationModel
        {
            Path = path,
            Shape = new UNetShape(baseChannels, inputSize),
            Weights = stored.Tensors,
            Counters = stored.Counters,
            Onnx = onnx,
            Preprocessing = preprocessing ?? Imaging.Preprocessor.Version,
            Provenance = provenance,
            Metrics = Scores(path, text),
            Seed = Integer(path, text, Seed),
            ModuleVersion = text.GetValueOrDefault(ModuleVersion),
            Assumptions = assumptions,
            Warnings = warnings,
        };

        int Assume(int value, string what)
        {
            warnings.Add($"'{path}' does not say its {what}; {value} is assumed.");
            return value;
        }
    }

    private static ModelProvenance? Seen(string path, IReadOnlyDictionary<string, string> text) =>
        text.TryGetValue(TrainingPhotos, out string? training) && text.TryGetValue(ValidationPhotos, out string? validation)
            ? new ModelProvenance(Hashes(path, training), Hashes(path, validation), text.GetValueOrDefault(DatasetDigest, ""), text.GetValueOrDefault(SplitDigest, ""))
            : null;

    private static HashList Hashes(string path, string text) => HashList.Parse(text)
        ?? throw new ModelException(path, $"The metadata of '{path}' name photos by something else than SHA-256 hashes, 64 hexadecimal digits each with a space between. Use the file as it was written.");

    private static Dictionary<string, double> Scores(string path, IReadOnlyDictionary<string, string> text)
    {
        try
        {
            return text.TryGetValue(Metrics, out string? json) ? JsonSerializer.Deserialize<Dictionary<string, double>>(json) ?? [] : [];
        }
        catch (JsonException e)
        {
            throw new ModelException(path, $"The metadata of '{path}' hold metrics that are no JSON object of numbers: {e.Sentence()} Use the file as it was written.", e);
        }
    }

    private static int? Integer(string path, IReadOnlyDictionary<string, string> text, string key)
    {
        if (!text.TryGetValue(key, out string? value)) return null;
        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ModelException(path, $"The metadata of '{path}' say {key} = '{ModelRefusedException.Shown(value)}', which is no whole number. Use the file as it was written.");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
