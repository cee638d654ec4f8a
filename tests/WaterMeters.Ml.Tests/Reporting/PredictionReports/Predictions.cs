namespace WaterMeters.Ml.Tests.Reporting.PredictionReports;

/// <summary>Sample records of predictions.</summary>
internal static class Predictions
{
    public static Prediction Found(string name, double confidence) => new()
    {
        ImagePath = $"/photos/{name}.jpg", Model = "first", ModelPath = "/runs/first/model.safetensors", Width = 400, Height = 300,
        X = 100, Y = 80, BoxWidth = 120, BoxHeight = 40, Angle = 0, Coverage = 0.04, Regions = 1, Confidence = confidence,
    };

    public static Prediction Nothing(string name) =>
        Found(name, 0) with
        {
            X = null,
            Y = null,
            BoxWidth = null,
            BoxHeight = null,
            Angle = null,
            Confidence = null,
            Coverage = 0,
            Regions = 0,
        };
}
