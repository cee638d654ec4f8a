namespace WaterMeters.Ml.Foundation;

/// <summary>What others' exceptions say, put so that a sentence can follow: the system's messages end with a file, libtorch's with its call stack.</summary>
public static class ExceptionText
{
    /// <summary>The first line of the message, with a full stop; for a library that does not load the reason, which stands below advice to developers.</summary>
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
        return text.TrimEnd('.', ':') + ".";
    }
}
