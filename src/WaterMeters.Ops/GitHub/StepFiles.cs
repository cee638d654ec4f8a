using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.GitHub;

/// <summary>
/// The files that a step of GitHub Actions writes its results to: a summary in Markdown, and outputs, one on each line. Other programs of
/// the step write to them too, so text is only appended, in a single write.
/// </summary>
public sealed class StepFiles
{
    /// <summary>Largest summary that GitHub shows; a larger one is not shown at all.</summary>
    public const long MaxSummaryBytes = 1 << 20;

    /// <summary>The environment variable with the path of the summary.</summary>
    public const string SummaryVariable = "GITHUB_STEP_SUMMARY";

    /// <summary>The environment variable with the path of the outputs.</summary>
    public const string OutputVariable = "GITHUB_OUTPUT";

    private StepFiles(string summary, string output) => (SummaryPath, OutputPath) = (summary, output);

    /// <summary>The path of the summary.</summary>
    public string SummaryPath { get; }

    /// <summary>The path of the outputs.</summary>
    public string OutputPath { get; }

    /// <summary>Returns the files of the step that this process runs in.</summary>
    /// <param name="variable">Returns the value of an environment variable.</param>
    /// <exception cref="SettingsException">The process does not run in a step.</exception>
    public static StepFiles Find(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return new StepFiles(PathIn(SummaryVariable), PathIn(OutputVariable));

        string PathIn(string name) => variable(name) is { Length: > 0 } path ? path : throw new SettingsException(
            name,
            $"-GitHub works only in a step of GitHub Actions: {name} is not set. Omit -GitHub elsewhere.");
    }

    /// <summary>Appends to the summary.</summary>
    /// <returns>False if it would become too large: then nothing was written.</returns>
    /// <exception cref="SettingsException">The file cannot be written.</exception>
    public bool AppendSummary(string markdown) => Append(SummaryVariable, SummaryPath, markdown, MaxSummaryBytes);

    /// <summary>Appends outputs. Neither a key nor a value may contain text that could start another output.</summary>
    /// <exception cref="ArgumentException">A key is not a plain word, or a value has several lines.</exception>
    /// <exception cref="SettingsException">The file cannot be written.</exception>
    public void AppendOutputs(IEnumerable<KeyValuePair<string, string>> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var lines = new StringBuilder();
        foreach (var (key, value) in outputs)
        {
            if (key.Length == 0 || !key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            {
                throw new ArgumentException($"'{key}' is not a valid name of an output.", nameof(outputs));
            }

            if (value.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'))
            {
                throw new ArgumentException($"The output '{key}' has more than one line.", nameof(outputs));
            }

            lines.Append(key).Append('=').Append(value).Append('\n');
        }

        Append(OutputVariable, OutputPath, lines.ToString(), long.MaxValue);
    }

    private static bool Append(string variable, string path, string text, long maxBytes)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);

            // The last line of another program may lack a line end; ours must not be joined to it.
            bool endsLine = stream.Length == 0;
            if (!endsLine)
            {
                stream.Seek(-1, SeekOrigin.End);
                endsLine = stream.ReadByte() == '\n';
            }

            byte[] bytes = Encoding.UTF8.GetBytes((endsLine ? "" : "\n") + text + (text.EndsWith('\n') ? "" : "\n"));
            if (stream.Length + bytes.Length > maxBytes) return false;
            stream.Seek(0, SeekOrigin.End);
            stream.Write(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingsException(
                variable,
                $"Cannot write '{path}' ({variable}): {e.Sentence()} Check the variable, or omit -GitHub outside of GitHub Actions.",
                e);
        }
    }
}
