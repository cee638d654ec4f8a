using WaterMeters.Ml.Reporting.Charts;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Writes the curves of trainings: loss and validation scores by epoch, with the starts of the training stages.</summary>
internal static class TrainingCharts
{
    private const int MostCurves = 6; // more cannot be told apart

    /// <summary>Writes the curves of the first trainings.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<ReportedTraining> trainings)
    {
        var drawn = trainings.Index().Where(t => t.Item.Epochs.Count > 0).Take(MostCurves).ToList();
        if (drawn.Count == 0)
        {
            html.Element("p", "No curves: the epochs of this training are no longer available.", ("class", "missing"));
            return;
        }

        if (drawn.Count > 1) Overview(html, [.. drawn.Select(t => (TrainingTables.Name(t.Index, trainings.Count), t.Item))]);
        foreach (var (number, training) in drawn)
        {
            if (trainings.Count > 1) html.Element("h3", TrainingTables.Name(number, trainings.Count));
            html.Open("div", ("class", "charts"));
            Curves(html, training);
            html.CloseLine();
        }
    }

    private static void Overview(HtmlWriter html, IReadOnlyList<(string Name, ReportedTraining Training)> trainings)
    {
        html.Open("div", ("class", "charts"));
        var text = new ChartText("Validation Dice of the trainings", "Epoch", "Dice", "Validation Dice of each training by epoch.");
        LineChart.Write(html, text, [.. trainings.Select(t => Line(t.Name, t.Training.Epochs, epoch => epoch.ValidationDice))]);
        html.CloseLine();
    }

    private static void Curves(HtmlWriter html, ReportedTraining training)
    {
        var epochs = training.Epochs;
        var stages = Stages(epochs);
        string kept = training.BestEpoch is { } best ? $" Epoch {ReportNumbers.Count(best)} was kept." : "";
        string count = epochs.Count == 1 ? "1 epoch" : $"{ReportNumbers.Count(epochs.Count)} epochs";
        LineChart.Write(
            html, new ChartText("Loss", "Epoch", "Loss", $"Training and validation loss over {count}.{kept}"),
            [Line("training", epochs, epoch => epoch.TrainingLoss), Line("validation", epochs, epoch => epoch.ValidationLoss)],
            marks: stages);
        LineChart.Write(
            html, new ChartText("Validation", "Epoch", "Score", $"Validation Dice and IoU over {count}.{kept}"),
            [Line("Dice", epochs, epoch => epoch.ValidationDice), Line("IoU", epochs, epoch => epoch.ValidationIoU)],
            marks: stages);
    }

    /// <summary>Returns marks between two epochs where a training stage of another image size or batch size starts.</summary>
    private static List<ChartMark> Stages(IReadOnlyList<EpochRecord> epochs)
    {
        var marks = new List<ChartMark>();
        for (int i = 1; i < epochs.Count; i++)
        {
            var (before, now) = (epochs[i - 1], epochs[i]);
            if (now.Size == before.Size && now.BatchSize == before.BatchSize) continue;
            marks.Add(new ChartMark((before.Epoch + now.Epoch) / 2.0, FormattableString.Invariant($"{now.Size} px")));
        }

        return marks;
    }

    private static ChartSeries Line(string name, IReadOnlyList<EpochRecord> epochs, Func<EpochRecord, double> value) =>
        new(name, [.. epochs.Select(epoch =>
            new ChartPoint(epoch.Epoch, value(epoch), FormattableString.Invariant($"epoch {epoch.Epoch}: {value(epoch):0.0000}")))]);
}
