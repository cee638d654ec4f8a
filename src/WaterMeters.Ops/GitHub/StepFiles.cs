using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.GitHub;

/// <summary>
/// The files through which a step of GitHub Actions speaks: its summary, which is Markdown, and its outputs, a line each. Both are shared
/// with other programs of the step, so they are appended to and never replaced; what is appended comes in one write.
/// </summary>
public sealed class StepFiles
{
    /// <summary>What GitHub takes of a step's summary; of a larger one it shows nothing.</summary>
    public const long MostSummaryBytes = 1 << 20;

    /// <summary>The variable that names the file of the summary.</summary>
    public const string SummaryVariable = "GITHUB_STEP_SUMMARY";

    /// <summary>The variable that names the file of the outputs.</summary>
    public const string OutputVariable = "GITHUB_OUTPUT";

    private StepFiles(string summary, string output) => (SummaryPath, OutputPath) = (summary, output);

    /// <summary>The file of the summary.</summary>
    public string SummaryPath { get; }

    /// <summary>The file of the outputs.</summary>
    public string OutputPath { get; }

    /// <summary>The files of the step that this process runs in.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <exception cref="SettingsException">It runs in no step.</exception>
    public static StepFiles Find(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return new StepFiles(Named(SummaryVariable), Named(OutputVariable));

        string Named(string name) => variable(name) is { Length: > 0 } path ? path : throw new SettingsException(
            name, $"-GitHub works in a step of GitHub Actions only, where {name} names a file. It is not set here: leave -GitHub out, or write the report to a file with -Path.");
    }

    /// <summary>Appends to the summary.</summary>
    /// <returns>False when there is no room for it: then nothing was written.</returns>
    /// <exception cref="SettingsException">The file cannot be written.</exception>
    public bool AppendSummary(string markdown) => Append(SummaryVariable, SummaryPath, markdown, MostSummaryBytes);

    /// <summary>Appends outputs. Neither a key nor a value may hold what could begin another output.</summary>
    /// <exception cref="ArgumentException">A key is no plain word, or a value has several lines.</exception>
    /// <exception cref="SettingsException">The file cannot be written.</exception>
    public void AppendOutputs(IEnumerable<KeyValuePair<string, string>> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var lines = new StringBuilder();
        foreach (var (key, value) in outputs)
        {
            if (key.Length == 0 || !key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')) throw new ArgumentException($"'{key}' is no name of an output.", nameof(outputs));
            if (value.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029')) throw new ArgumentException($"The output {key} holds more than one line.", nameof(outputs));
            lines.Append(key).Append('=').Append(value).Append('\n');
        }

        Append(OutputVariable, OutputPath, lines.ToString(), long.MaxValue);
    }

    private static bool Append(string variable, string path, string text, long most)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);

            // What another program left without a line end would swallow the first line.
            bool endsLine = stream.Length == 0;
            if (!endsLine)
            {
                stream.Seek(-1, SeekOrigin.End);
                endsLine = stream.ReadByte() == '\n';
            }

            byte[] bytes = Encoding.UTF8.GetBytes((endsLine ? "" : "\n") + text + (text.EndsWith('\n') ? "" : "\n"));
            if (stream.Length + bytes.Length > most) return false;
            stream.Seek(0, SeekOrigin.End);
            stream.Write(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingsException(variable, $"'{path}', which {variable} names, cannot be written: {e.Sentence()} Check the variable; outside of GitHub Actions leave -GitHub out.", e);
        }
    }
}
