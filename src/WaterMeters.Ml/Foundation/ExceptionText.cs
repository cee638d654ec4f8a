namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Turns the messages of foreign exceptions into one sentence that another can follow: the system's messages end with a file name,
/// libtorch's with a call stack.
/// </summary>
public static class ExceptionText
{
    /// <summary>
    /// Returns the first line of the message with a full stop. For a library that fails to load it adds the second line, which holds the
    /// reason, and for an error of Windows what it means.
    /// </summary>
    public static string Sentence(this Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        string[] lines = fault.Message.Split('\n', StringSplitOptions.TrimEntries);
        string text = fault switch
        {
            DllNotFoundException when lines.Length > 1 && lines[1].Length > 0 => $"{lines[0].Split(". ")[0]}: {lines[1]}",
            ArgumentException { ParamName: { } name } => lines[0].Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
            _ => lines[0],
        };
        string sentence = text.TrimEnd('.', ':') + ".";
        return WindowsErrors.Explain(fault) is { } reason ? $"{sentence} {reason}" : sentence;
    }
}
