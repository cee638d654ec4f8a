using System.Globalization;
using System.Text;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;
using static WaterMeters.Ml.Reporting.ModelReports.ReportNumbers;

namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>Renders predictions as Markdown: the counts, and the most doubtful photos.</summary>
internal static class PredictionMarkdown
{
    private const int MostPhotos = 50;

    /// <summary>Returns the report; every line ends with a line feed.</summary>
    public static string Render(PredictionSummary summary)
    {
        var text = new StringBuilder();
        text.Append("| Photos | Window found | To check | Mean confidence |\n| ---: | ---: | ---: | ---: |\n");
        text.Append(CultureInfo.InvariantCulture, $"| {Count(summary.All.Count)} | {Count(summary.Found)} | {Count(summary.Doubtful)} ");
        text.Append(CultureInfo.InvariantCulture, $"| {Score(summary.MeanConfidence)} |\n\n");
        if (summary.Doubtful > 0) Doubtful(text, summary);
        text.Append("Predicted with ").AppendJoin(", ", summary.Models.Take(5).Select(MarkdownText.Name)).Append(".\n\n");
        text.Append("Written by WaterMeters ").Append(MarkdownText.Encode(ModuleVersion.Text)).Append(".\n");
        return text.ToString();
    }

    private static void Doubtful(StringBuilder text, PredictionSummary summary)
    {
        var shown = summary.All.Where(p => p.Doubts.Count > 0).Take(MostPhotos).ToList();
        string range = summary.Doubtful > shown.Count ? $" ({Count(shown.Count)} of {Count(summary.Doubtful)})" : "";
        text.Append("Photos to check").Append(range).Append(":\n\n| Photo | Why | Regions | Confidence | Angle |\n");
        text.Append("| --- | --- | ---: | ---: | ---: |\n");
        foreach (var (prediction, doubts) in shown)
        {
            string why = string.Join(", ", doubts.Select(doubt => PredictionDoubts.Title(doubt).ToLowerInvariant()));
            bool isFound = prediction.Regions > 0;
            string name = MarkdownText.Name(summary.Name(prediction));
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {why} | {Count(prediction.Regions)} ");
            text.Append(CultureInfo.InvariantCulture, $"| {(isFound ? Score(prediction.Confidence) : None)} ");
            text.Append(isFound ? FormattableString.Invariant($"| {prediction.Angle:0.0}° |\n") : $"| {None} |\n");
        }

        text.Append('\n');
    }
}
