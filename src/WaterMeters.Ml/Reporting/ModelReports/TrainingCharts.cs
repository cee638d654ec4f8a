using WaterMeters.Ml.Reporting.Charts;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Writes the curves of trainings: loss and validation scores by epoch, with the starts of the training stages.</summary>
internal static class TrainingCharts
{
    private const int MostCurves = 6; // more cannot be told apart

    /// <summary>Writes the curves of all trainings; of the best six on the validation photos if there are more.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<ReportedTraining> trainings)
    {
        var named = trainings.Zip(TrainingNames.Of(trainings), (training, name) => (Name: name, Training: training)).ToList();
        var known = named.Where(t => t.Training.Epochs.Count > 0).ToList();
        var gone = named.Except(known).Select(t => t.Name).ToList();
        if (gone.Count > 0)
        {
            string names = HtmlText.Short(string.Join(", ", gone), 300);
            html.Element("p", $"No curves of {names}: the epochs are no longer available.", ("class", "missing"));
        }

        if (known.Count == 0) return;
        var drawn = known.Count <= MostCurves ? known : [.. known
            .OrderByDescending(t => t.Training.Score("val_dice") ?? double.NegativeInfinity).Take(MostCurves)
            .OrderBy(t => known.IndexOf(t))];
        if (drawn.Count < known.Count)
        {
            html.Element("p", $"Curves of {MostCurves} of {ReportNumbers.Count(known.Count)} trainings, those with the highest "
                + "validation Dice: more cannot be told apart. The tables have all.");
        }

        if (drawn.Count > 1) Overview(html, drawn);
        foreach (var (name, training) in drawn)
        {
            if (trainings.Count > 1) html.Element("h3", name);
            html.Open("div", ("class", "charts"));
            Curves(html, training);
            html.CloseLine();
        }
    }

    private static void Overview(HtmlWriter html, IReadOnlyList<(string Name, ReportedTraining Training)> trainings)
    {
        html.Open("div", ("class", "charts"));
        var text = new ChartText("Validation Dice of the trainings", "Epoch", "Dice", "Validation Dice of each training by epoch.");
        LineChart.Write(
            html, text, [.. trainings.Select(t => Line(t.Name, t.Training.Epochs, epoch => epoch.ValidationDice))], isScore: true);
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
            isScore: true,
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
