using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Inference.Onnx;

/// <summary>
/// Runs a model in ONNX Runtime, in float32 on the processor: a graph built from its weights, or a checked ONNX file. Does not need
/// libtorch. One call at a time in a process, because each uses all cores; other calls wait.
/// </summary>
public sealed class OnnxEngine : IInferenceEngine
{
    // ONNX Runtime reads it when it creates its environment. Without it, official builds from 1.31 on send telemetry to their vendor and
    // leave a file in the temporary folder.
    private const string TelemetryVariable = "ORT_DISABLE_TELEMETRY";

    private static readonly Lock Gate = new();
    private readonly InferenceSession session;
    private readonly RunOptions run;
    private readonly OrtValue input, output;
    private readonly float[] image, result;
    private readonly string[] inputNames, outputNames;
    private bool mayNotBeLogits; // an ONNX file with a Sigmoid that has not given a value below 0 yet

    /// <summary>Loads ONNX Runtime if needed, and the model into it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="size">Input size to use instead of the model's own, pixels; an ONNX file supports only its own.</param>
    /// <exception cref="RuntimeMissingException">ONNX Runtime's native library does not load.</exception>
    /// <exception cref="ModelException">ONNX Runtime rejects the model.</exception>
    public OnnxEngine(SegmentationModel model, int? size = null)
    {
        (Model, Size) = (model, size ?? model.Shape.InputSize);
        var file = model.Onnx;
        var bytes = file?.Bytes ?? OnnxGraphWriter.Write(model, Size);
        byte[] graph = MemoryMarshal.TryGetArray(bytes, out var whole) && whole.Offset == 0 && whole.Count == whole.Array!.Length
            ? whole.Array
            : bytes.ToArray();
        (inputNames, outputNames) = ([file?.InputName ?? OnnxGraphWriter.InputName], [file?.OutputName ?? OnnxGraphWriter.OutputName]);
        try
        {
            using var options = Options();
            session = new InferenceSession(graph, options);
            run = new RunOptions();
        }
        catch (OnnxRuntimeException e)
        {
            throw Failed("cannot load", e);
        }
        catch (Exception e) when (
            e is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new RuntimeMissingException(
                EnvironmentInspector.OnnxRuntime,
                $"Cannot load ONNX Runtime's native library: {(e.InnerException ?? e).Sentence()} " +
                "It is part of the module: install the module again, or use -Precision bfloat16 with libtorch.",
                e);
        }

        int area = Size * Size;
        (image, result) = (new float[UNetShape.InputChannels * area], new float[area]);
        input = OrtValue.CreateTensorValueFromMemory(image, [1, UNetShape.InputChannels, Size, Size]);
        output = OrtValue.CreateTensorValueFromMemory(result, [1, UNetShape.OutputChannels, Size, Size]);
        mayNotBeLogits = file?.HasSigmoid == true;
        if (file is null || file.OutputsLogits) return;
        try
        {
            CheckValues();
        }
        catch
        {
            Dispose();
            throw;
        }
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
    /// <exception cref="ModelException">ONNX Runtime cannot run the model.</exception>
    public void Predict(ReadOnlySpan<byte> planes, Span<float> logits)
    {
        lock (Gate)
        {
            Run(planes);
            result.CopyTo(logits);
            if (!mayNotBeLogits) return;

            // All window, or probabilities that the graph does not show: never a full mask without a look at the test image.
            if (!OutputProbe.HasBackground(result)) CheckValues();
            mayNotBeLogits = false;
        }
    }

    private void Run(ReadOnlySpan<byte> planes)
    {
        for (int i = 0; i < image.Length; i++) image[i] = planes[i] / 255f;
        try
        {
            session.Run(run, inputNames, [input], outputNames, [output]);
        }
        catch (OnnxRuntimeException e)
        {
            throw Failed("cannot run", e);
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

    /// <summary>
    /// Computes a test image, where neither the graph nor the photos tell whether the network gives logits. Those of a network that
    /// looks for something are negative somewhere on stripes and noise; without a negative one every photo would be all foreground.
    /// </summary>
    private void CheckValues()
    {
        Run(OutputProbe.Planes(Size));
        if (OutputProbe.Refusal(result) is not { } refusal) return;
        throw new ModelException(
            Model.Path,
            $"Cannot use '{Model.Path}' as an ONNX model: {refusal}; logits are needed, which are above 0 in the window and below 0 " +
            "outside. Export the network again without what follows its last convolution.");
    }

    private ModelException Failed(string what, OnnxRuntimeException e) => new(
        Model.Path,
        $"ONNX Runtime {what} '{Model.Path}': {ModelRefusedException.Printable(e.Sentence())} " +
        "Export the network again, or use the file it was exported from.",
        e);

    private static SessionOptions Options()
    {
        // Privacy: the module uses the network only in cmdlets that say so.
        NativeEnvironment.Set(TelemetryVariable, "1");
        OrtEnv.Instance().DisableTelemetryEvents();

        // No log on the console: errors come as exceptions with the same text.
        var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };

        // Spinning threads would take cores from those that decode the next photo.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }
}
