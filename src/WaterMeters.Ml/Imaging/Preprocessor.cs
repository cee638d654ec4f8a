namespace WaterMeters.Ml.Imaging;
/// <summary>stub</summary>
public sealed class Preprocessor {
/// <summary>stub</summary>
 public const string Version = "1"; }
