using System.Globalization;
using System.Text.Json;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>Writes and reads the metadata of a model file: what the weights alone do not say.</summary>
internal static class ModelMetadata
{
    /// <summary>The key of the training state, JSON, which only a checkpoint has. A checkpoint is not a model.</summary>
    internal const string TrainingStateKey = "watermeters.training_state";

    /// <summary>The key of the network's width.</summary>
    internal const string BaseChannels = "watermeters.base_channels";

    private const string
        Architecture = "watermeters.architecture",
        InputSize = "watermeters.input_size",
        Preprocessing = "watermeters.preprocessing",
        Metrics = "watermeters.metrics",
        Seed = "watermeters.seed",
        ModuleVersion = "watermeters.module_version",
        TrainingPhotos = "watermeters.training_photos",
        ValidationPhotos = "watermeters.validation_photos",
        DatasetDigest = "watermeters.dataset_digest",
        SplitDigest = "watermeters.split_digest";

    private const string UseUnchangedFile = "Use the original, unchanged file.";

    /// <summary>Returns the metadata of a model.</summary>
    public static IReadOnlyDictionary<string, string> Write(SegmentationModel model)
    {
        var text = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt", // Hugging Face's loaders require it to load tensors into PyTorch
            [Architecture] = UNetShape.Architecture,
            [BaseChannels] = Number(model.Shape.BaseChannels),
            [InputSize] = Number(model.Shape.InputSize),
            [Preprocessing] = model.Preprocessing,
            [Metrics] = JsonSerializer.Serialize(model.Metrics.Where(m => double.IsFinite(m.Value)).ToDictionary(m => m.Key, m => m.Value)),
        };
        if (model.Seed is { } seed) text[Seed] = Number(seed);
        if (model.ModuleVersion is { } version) text[ModuleVersion] = version;
        if (model.Provenance is { } provenance)
        {
            text[TrainingPhotos] = string.Join(' ', provenance.TrainingPhotos);
            text[ValidationPhotos] = string.Join(' ', provenance.ValidationPhotos);
            text[DatasetDigest] = provenance.DatasetDigest;
            text[SplitDigest] = provenance.SplitDigest;
        }

        return text;
    }

    /// <summary>
    /// Creates a model from the content of its file. Missing metadata take their defaults, with a warning; metadata that contradict the
    /// weights are an error.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Its checked header.</param>
    /// <param name="stored">Its tensors.</param>
    /// <param name="digest">The SHA-256 of the bytes that were read.</param>
    /// <exception cref="ModelException">The metadata have values that this version does not know, or the weights are not valid.</exception>
    public static SegmentationModel Read(string path, ModelHeader header, StoredTensors stored, string digest)
    {
        UNetWeights.CheckValues(path, stored.Tensors);
        return Read(path, stored, null, digest, header);
    }

    /// <summary>Creates a model from an ONNX file and its metadata_props.</summary>
    /// <exception cref="ModelException">The metadata contradict the graph, or have values that this version does not know.</exception>
    public static SegmentationModel Read(OnnxModel file)
    {
        EnsureModel(file.Path, file.Metadata);
        var stored = new StoredTensors { Metadata = file.Metadata, Tensors = new Dictionary<string, WeightTensor>() };
        return Read(file.Path, stored, file, file.Digest, null);
    }

    /// <summary>Checks that the metadata are those of a model of this architecture, or say nothing about it.</summary>
    /// <exception cref="ModelException">They are those of a checkpoint or of another architecture.</exception>
    public static void EnsureModel(string path, IReadOnlyDictionary<string, string> text)
    {
        if (text.ContainsKey(TrainingStateKey))
        {
            throw new ModelException(path,
                $"'{path}' is a training checkpoint, not a model. Use the model.safetensors in the same folder.");
        }

        if (text.TryGetValue(Architecture, out string? architecture) && architecture != UNetShape.Architecture)
        {
            throw new ModelException(path,
                $"The metadata of '{path}' declare architecture '{ModelRefusedException.ForMessage(architecture)}'; this module reads " +
                $"'{UNetShape.Architecture}'. Use a file whose metadata match its weights.");
        }

    }

    /// <summary>Returns the width that the metadata declare, or else the default.</summary>
    /// <exception cref="ModelException">The declared width is not a number.</exception>
    public static int Width(string path, IReadOnlyDictionary<string, string> text, out bool isDeclared)
    {
        int? declared = Integer(path, text, BaseChannels);
        isDeclared = declared is not null;
        return declared ?? new UNetShape().BaseChannels;
    }

    private static SegmentationModel Read(string path, StoredTensors stored, OnnxModel? onnx, string digest, ModelHeader? header)
    {
        var text = stored.Metadata;
        int baseChannels = Width(path, text, out _);
        if (text.TryGetValue(Preprocessing, out string? preprocessing) && preprocessing != Imaging.Preprocessor.Version)
        {
            throw new ModelException(path,
                $"'{path}' was trained with preprocessing version {ModelRefusedException.ForMessage(preprocessing)}; this module has " +
                $"version {Imaging.Preprocessor.Version}. Update the module, or train the model again.");
        }

        var warnings = new List<string>();
        if (header?.Choice is { } choice) warnings.Add(choice);
        int inputSize = Integer(path, text, InputSize) ?? onnx?.Size ?? Assume(new UNetShape().InputSize, "input size");
        if (onnx is not null && inputSize != onnx.Size)
        {
            throw new ModelException(path,
                $"The metadata of '{path}' declare input size {inputSize}, but its graph takes {onnx.Size}. Use a file whose metadata " +
                "match its graph.");
        }

        if (!UNetShape.IsInputSize(inputSize))
        {
            throw new ModelException(path,
                $"The metadata of '{path}' declare input size {inputSize}; it must be 16 to 4096 and divisible by 16. {UseUnchangedFile}");
        }

        if (preprocessing is null) Assume(1, "preprocessing version");
        string[] assumptions = [.. warnings];
        var provenance = ReadProvenance(path, text);
        if (provenance is null) warnings.Add($"'{path}' does not say which photos it has seen, so an unseen test cannot be promised.");
        return new SegmentationModel
        {
            Path = path,
            Digest = digest,
            Shape = new UNetShape(baseChannels, inputSize),
            Weights = stored.Tensors,
            Counters = stored.Counters,
            Onnx = onnx,
            Preprocessing = preprocessing ?? Imaging.Preprocessor.Version,
            Provenance = provenance,
            Metrics = ReadMetrics(path, text),
            Seed = Integer(path, text, Seed),
            ModuleVersion = text.GetValueOrDefault(ModuleVersion),
            Assumptions = assumptions,
            Warnings = warnings,
            Notes = header?.Notes ?? [],
        };

        int Assume(int value, string what)
        {
            warnings.Add($"'{path}' does not say its {what}; {value} is assumed.");
            return value;
        }
    }

    // No training has no photos: two empty lists say nothing about what the model has seen.
    private static ModelProvenance? ReadProvenance(string path, IReadOnlyDictionary<string, string> text) =>
        text.TryGetValue(TrainingPhotos, out string? training) && text.TryGetValue(ValidationPhotos, out string? validation)
        && (training.Length > 0 || validation.Length > 0)
            ? new ModelProvenance(
                Hashes(path, training),
                Hashes(path, validation),
                text.GetValueOrDefault(DatasetDigest, ""),
                text.GetValueOrDefault(SplitDigest, ""))
            : null;

    private static HashList Hashes(string path, string text) => HashList.Parse(text)
        ?? throw new ModelException(path,
            $"The metadata of '{path}' do not list photos as SHA-256 hashes (64 hexadecimal digits, separated by spaces). " +
            $"{UseUnchangedFile}");

    private static Dictionary<string, double> ReadMetrics(string path, IReadOnlyDictionary<string, string> text)
    {
        try
        {
            return text.TryGetValue(Metrics, out string? json) ? JsonSerializer.Deserialize<Dictionary<string, double>>(json) ?? [] : [];
        }
        catch (JsonException e)
        {
            throw new ModelException(path,
                $"The metrics in the metadata of '{path}' are not a JSON object of numbers: {e.Sentence()} {UseUnchangedFile}", e);
        }
    }

    private static int? Integer(string path, IReadOnlyDictionary<string, string> text, string key)
    {
        if (!text.TryGetValue(key, out string? value)) return null;
        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ModelException(path,
                $"The metadata of '{path}' have {key} = '{ModelRefusedException.ForMessage(value)}', which is not a whole number. " +
                $"{UseUnchangedFile}");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
