using System.Text.RegularExpressions;

namespace WaterMeters.Ml.Tests.Architecture;

/// <summary>The words of docs/glossary.md that are not to be used, and the lines of the sources.</summary>
public partial class GlossaryTests
{
    private const int LongestLine = 140;

    private static readonly string[] TextFiles = [".cs", ".ps1", ".psm1", ".psd1", ".ps1xml", ".txt", ".md"];
    private static readonly string[] CodeFiles = [".cs", ".ps1", ".psm1"];

    private static string Root => SharedFolder.RepositoryRoot();

    [Fact]
    public void No_avoided_word_is_in_sources_help_documents_or_samples()
    {
        var avoided = new Regex(string.Join('|', AvoidedWords().Select(Pattern)), RegexOptions.IgnoreCase | RegexOptions.Compiled);
        var hits = from file in Files(["src", "module", "docs", "samples"], TextFiles)
                   where file != "docs/glossary.md"
                   from line in File.ReadLines(Path.Combine(Root, file)).Index()
                   from match in avoided.Matches(line.Item)
                   select $"{file}:{line.Index + 1}: {match.Value}";
        string[] found = [.. hits];
        Assert.True(found.Length == 0, string.Join("\n", found));
    }

    [Fact]
    public void The_glossary_lists_words_to_avoid()
    {
        string[] words = [.. AvoidedWords()];
        Assert.Contains("mend*", words);
        Assert.True(words.Length > 30, $"{words.Length} words");
        Assert.Matches(Pattern("mend*"), "it was mended");
        Assert.DoesNotMatch(Pattern("mend*"), "recommended");
        Assert.Matches(Pattern("seed system*"), "the seed system's");
    }

    [Fact]
    public void No_line_of_code_is_longer_than_140_columns()
    {
        string[] found =
        [
            .. from file in Files(["src", "tests", "build", "samples", "benchmarks"], CodeFiles).Append("build.ps1")
               from line in File.ReadLines(Path.Combine(Root, file)).Index()
               where line.Item.Length > LongestLine
               select $"{file}:{line.Index + 1}: {line.Item.Length} columns",
        ];
        Assert.True(found.Length == 0, string.Join("\n", found));
    }

    /// <summary>The words in backticks in the third column of the glossary's tables; a star stands for any letters.</summary>
    private static IEnumerable<string> AvoidedWords() =>
        from line in File.ReadLines(Path.Combine(Root, "docs", "glossary.md"))
        let cells = line.Split('|')
        where cells.Length == 5
        from Match word in Quoted.Matches(cells[3])
        select word.Groups[1].Value;

    private static string Pattern(string word) => $@"\b{Regex.Escape(word).Replace(@"\*", @"\w*", StringComparison.Ordinal)}\b";

    private static IEnumerable<string> Files(string[] folders, string[] extensions) =>
        from folder in folders
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) && !BuildOutput.IsMatch(file)
        select file;

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted { get; }

    [GeneratedRegex("(^|/)(bin|obj)/")]
    private static partial Regex BuildOutput { get; }
}
