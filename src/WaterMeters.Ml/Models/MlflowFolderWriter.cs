using System.Globalization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Models;

/// <summary>
/// Writes a model as a folder of MLflow's onnx flavor, so that <c>mlflow.pyfunc.load_model</c> and <c>mlflow.onnx.load_model</c> load it
/// without any Python class of its own: input float32 [N, 3, S, S] in 0..1, output the logits, float32 [N, 1, S, S].
/// </summary>
/// <remarks>
/// The weights are in it twice more, for this module (<c>model.safetensors</c>) and for PyTorch (<c>model.pth</c>): MLflow 3 registers only
/// what is inside the folder of the model. The keys are those that MLflow writes itself (mlflow/models/model.py, mlflow/onnx).
/// </remarks>
public static class MlflowFolderWriter
{
    /// <summary>The name of the weights for this module, which the description's <c>metadata</c> states.</summary>
    internal const string WeightsKey = "weights";

    private const string Weights = "model.safetensors", PyTorch = "model.pth", Onnx = "model.onnx";

    // Any of them loads the graph (opset 17); MLflow warns when a stated Python is another one than its own, and when none is stated.
    private const string Python = "3.11.9";
    private static readonly string[] Requirements = ["mlflow>=2.8", "numpy", "onnx>=1.13", "onnxruntime>=1.15"];

    /// <summary>Writes the folder, which must not exist or be empty.</summary>
    /// <param name="model">A model with weights.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="runId">The run that it belongs to; null without one.</param>
    /// <param name="artifactPath">The folder's path in the run, such as <c>model</c>.</param>
    /// <param name="created">When the model was logged.</param>
    /// <returns>The size of its files in bytes, without the description.</returns>
    /// <exception cref="ModelException">The model is an ONNX file, or cannot be written.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static long Write(SegmentationModel model, string folder, string? runId, string artifactPath, DateTimeOffset created)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in new[] { Onnx, Weights, PyTorch }) ModelFile.Save(model, Path.Combine(folder, name));
        WriteText(folder, "requirements.txt", Requirements);
        WriteText(folder, "python_env.yaml",
            [$"python: {Python}", "build_dependencies:", "- pip", "- setuptools", "- wheel", "dependencies:", "- -r requirements.txt"]);
        WriteText(folder, "conda.yaml",
            [
                "channels:", "- conda-forge", "dependencies:", $"- python={Python}", "- pip", "- pip:",
                .. Requirements.Select(r => "  - " + r), "name: mlflow-env",
            ]);

        long bytes = new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length);
        // Last: a folder without it is not yet a model.
        WriteText(folder, MlflowFolder.Description, Description(model, runId, artifactPath, bytes, created));
        return bytes;
    }

    private static string[] Description(
        SegmentationModel model, string? runId, string artifactPath, long bytes, DateTimeOffset created)
    {
        int size = model.Shape.InputSize;
        return
        [
            $"artifact_path: {Quoted(artifactPath)}",
            "flavors:",
            "  onnx:",
            "    code: null",
            $"    data: {Onnx}",
            "    onnx_session_options: null",
            "    onnx_version: 1.13.0",
            "    providers:",
            "    - CPUExecutionProvider",
            "  python_function:",
            $"    data: {Onnx}",
            "    env:",
            "      conda: conda.yaml",
            "      virtualenv: python_env.yaml",
            "    loader_module: mlflow.onnx",
            $"    python_version: {Python}",
            "metadata:",
            $"  preprocessing: {Quoted(model.Preprocessing)}",
            $"  {WeightsKey}: {Weights}",
            "mlflow_version: 2.8.0",
            FormattableString.Invariant($"model_size_bytes: {bytes}"),
            $"model_uuid: {Guid.NewGuid():n}",
            .. runId is null ? [] : new[] { $"run_id: {runId}" },
            "signature:",
            $"  inputs: '{Tensor(3, size)}'",
            $"  outputs: '{Tensor(1, size)}'",
            "  params: null",
            $"utc_time_created: '{created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'",
        ];
    }

    private static string Tensor(int channels, int size) => FormattableString.Invariant(
        $"[{{\"type\": \"tensor\", \"tensor-spec\": {{\"dtype\": \"float32\", \"shape\": [-1, {channels}, {size}, {size}]}}}}]");

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static void WriteText(string folder, string name, string[] lines) =>
        AtomicFile.WriteText(Path.Combine(folder, name), string.Join('\n', lines) + '\n');
}
