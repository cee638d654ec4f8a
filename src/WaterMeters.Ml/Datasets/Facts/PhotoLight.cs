namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>Light and sharpness of a photo; <see cref="PhotoFacts"/> says what each is.</summary>
internal readonly record struct PhotoLight(byte DarkEnd, byte BrightEnd, double Entropy, double Blur);
