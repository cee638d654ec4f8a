namespace WaterMeters.Ml.Models.Network;

/// <summary>The width and input size of a U-Net.</summary>
/// <param name="BaseChannels">The channels of the first encoder block; each deeper block has twice as many.</param>
/// <param name="InputSize">The image size the network was trained for, pixels; divisible by 16.</param>
public sealed record UNetShape(int BaseChannels = 16, int InputSize = 512)
{
    /// <summary>The architecture's name in model files.</summary>
    public const string Architecture = "unet";

    /// <summary>The channels of the image: red, green, blue.</summary>
    public const int InputChannels = 3;

    /// <summary>The channels of the output: one logit per pixel.</summary>
    public const int OutputChannels = 1;

    /// <summary>Returns whether the network can run on images of this size, in pixels, which it halves four times.</summary>
    public static bool IsInputSize(int size) => size is >= 16 and <= 4096 && size % 16 == 0;
}
