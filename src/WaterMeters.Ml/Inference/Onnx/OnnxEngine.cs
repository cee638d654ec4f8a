using Microsoft.ML.OnnxRuntime;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.Tensors;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Inference.Onnx;

/// <summary>
/// Runs a model in ONNX Runtime, in float32 on the processor: from the graph built out of its weights, or from a checked ONNX file.
/// libtorch is not needed. One call at a time in a process, since each uses all cores; further ones wait.
/// </summary>
public sealed class OnnxEngine : IInferenceEngine
{
    // Read by ONNX Runtime when its environment is made; from 1.31 on its own builds report to their makers otherwise, and leave a file in the temporary folder.
    private const string TelemetryVariable = "ORT_DISABLE_TELEMETRY";

    private static readonly Lock Gate = new();
    private readonly InferenceSession session;
    private readonly RunOptions run;
    private readonly OrtValue input, output;
    private readonly float[] image, result;
    private readonly string[] inputNames, outputNames;

    /// <summary>Loads ONNX Runtime if need be and gives it the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="size">Edge of the square to take instead of the model's own, pixels; a model that is an ONNX file has only its own.</param>
    /// <exception cref="RuntimeMissingException">ONNX Runtime's native library does not load here.</exception>
    /// <exception cref="ModelException">ONNX Runtime refuses the model.</exception>
    public OnnxEngine(SegmentationModel model, int? size = null)
    {
        (Model, Size) = (model, size ?? model.Shape.InputSize);
        var file = model.Onnx;
        byte[] graph = (file?.Bytes ?? OnnxGraphWriter.Write(model, Size)).ToArray();
        (inputNames, outputNames) = ([file?.InputName ?? OnnxGraphWriter.InputName], [file?.OutputName ?? OnnxGraphWriter.OutputName]);
        try
        {
            using var options = Options(file);
            session = new InferenceSession(graph, options);
            run = new RunOptions();
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(model.Path, $"ONNX Runtime refuses '{model.Path}': {ModelRefusedException.Printable(e.Sentence())} Export the network again, or use the file it was made from.", e);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new RuntimeMissingException(EnvironmentInspector.OnnxRuntime, $"ONNX Runtime's native library does not load here ({(e.InnerException ?? e).Sentence().TrimEnd('.')}). It belongs to the module: install the module again, or use -Precision bfloat16 with libtorch.", e);
        }

        int area = Size * Size;
        (image, result) = (new float[UNetShape.InputChannels * area], new float[area]);
        input = OrtValue.CreateTensorValueFromMemory(image, [1, UNetShape.InputChannels, Size, Size]);
        output = OrtValue.CreateTensorValueFromMemory(result, [1, UNetShape.OutputChannels, Size, Size]);
    }

    /// <inheritdoc/>
    public SegmentationModel Model { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Precision Precision => Precision.Float32;

    /// <inheritdoc/>
    public ComputeDevice Device => ComputeDevice.Cpu;

    /// <inheritdoc/>
    /// <exception cref="ModelException">ONNX Runtime fails on the model.</exception>
    public void Predict(ReadOnlySpan<byte> planes, Span<float> logits)
    {
        lock (Gate)
        {
            for (int i = 0; i < image.Length; i++) image[i] = planes[i] / 255f;
            try
            {
                session.Run(run, inputNames, [input], outputNames, [output]);
            }
            catch (OnnxRuntimeException e)
            {
                throw new ModelException(Model.Path, $"ONNX Runtime fails on '{Model.Path}': {ModelRefusedException.Printable(e.Sentence())} Export the network again, or use the file it was made from.", e);
            }

            result.CopyTo(logits);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Gate)
        {
            input.Dispose();
            output.Dispose();
            run.Dispose();
            session.Dispose();
        }
    }

    private static SessionOptions Options(OnnxModel? file)
    {
        // A photo's whereabouts are nobody else's business: no network is used unless a cmdlet says so.
        NativeEnvironment.Set(TelemetryVariable, "1");
        OrtEnv.Instance().DisableTelemetryEvents();
        // Nothing belongs on the console that the module did not put there: an error comes as an exception with the same words.
        var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };

        // Spinning threads take the cores from those that decode the next photo.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (file is not null) options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Path.GetFullPath(file.Path))!);
        return options;
    }
}
