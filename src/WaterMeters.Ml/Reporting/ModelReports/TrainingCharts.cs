using WaterMeters.Ml.Reporting.Charts;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>The curves of trainings: loss and validation scores by epoch, with the borders of the stages.</summary>
internal static class TrainingCharts
{
    private const int MostCurves = 6; // as many as can be told apart

    /// <summary>Writes the curves of each training; of many, those of the first.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<ReportedTraining> trainings)
    {
        var drawn = trainings.Index().Where(t => t.Item.Epochs.Count > 0).Take(MostCurves).ToList();
        if (drawn.Count == 0)
        {
            html.Element("p", "The epochs of this training are not there any more, so there are no curves.", ("class", "missing"));
            return;
        }

        if (drawn.Count > 1) Together(html, [.. drawn.Select(t => (TrainingTables.Name(t.Index, trainings.Count), t.Item))]);
        foreach (var (number, training) in drawn)
        {
            if (trainings.Count > 1) html.Element("h3", TrainingTables.Name(number, trainings.Count));
            html.Open("div", ("class", "charts"));
            Curves(html, training);
            html.CloseLine();
        }
    }

    private static void Together(HtmlWriter html, IReadOnlyList<(string Name, ReportedTraining Training)> trainings)
    {
        html.Open("div", ("class", "charts"));
        var text = new ChartText("Validation Dice of the trainings", "Epoch", "Dice", "The validation Dice of each training by epoch.");
        LineChart.Write(html, text, [.. trainings.Select(t => Line(t.Name, t.Training.Epochs, epoch => epoch.ValidationDice))]);
        html.CloseLine();
    }

    private static void Curves(HtmlWriter html, ReportedTraining training)
    {
        var epochs = training.Epochs;
        var stages = Stages(epochs);
        string kept = training.BestEpoch is { } best ? $" Epoch {ReportNumbers.Count(best)} was kept." : "";
        LineChart.Write(
            html, new ChartText("Loss", "Epoch", "Loss", $"Training and validation loss over {ReportNumbers.Count(epochs.Count)} epochs.{kept}"),
            [Line("training", epochs, epoch => epoch.TrainingLoss), Line("validation", epochs, epoch => epoch.ValidationLoss)], marks: stages);
        LineChart.Write(
            html, new ChartText("Validation", "Epoch", "Score", $"Validation Dice and IoU over {ReportNumbers.Count(epochs.Count)} epochs.{kept}"),
            [Line("Dice", epochs, epoch => epoch.ValidationDice), Line("IoU", epochs, epoch => epoch.ValidationIoU)], marks: stages);
    }

    /// <summary>Where a stage of another image size or batch begins, between two epochs.</summary>
    private static List<ChartMark> Stages(IReadOnlyList<EpochRecord> epochs)
    {
        var marks = new List<ChartMark>();
        for (int i = 1; i < epochs.Count; i++)
        {
            var (before, now) = (epochs[i - 1], epochs[i]);
            if (now.Size != before.Size || now.BatchSize != before.BatchSize) marks.Add(new ChartMark((before.Epoch + now.Epoch) / 2.0, FormattableString.Invariant($"{now.Size} px")));
        }

        return marks;
    }

    private static ChartSeries Line(string name, IReadOnlyList<EpochRecord> epochs, Func<EpochRecord, double> value) =>
        new(name, [.. epochs.Select(epoch => new ChartPoint(epoch.Epoch, value(epoch), FormattableString.Invariant($"epoch {epoch.Epoch}: {value(epoch):0.0000}")))]);
}
