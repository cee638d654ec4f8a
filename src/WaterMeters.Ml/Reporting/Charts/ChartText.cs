namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>The words of a chart.</summary>
/// <param name="Title">What it shows, over it.</param>
/// <param name="Horizontal">What goes to the right, with its unit.</param>
/// <param name="Vertical">What goes up, with its unit.</param>
/// <param name="Description">What is to be seen on it, for who does not see it.</param>
internal sealed record ChartText(string Title, string Horizontal, string Vertical, string Description);
