namespace WaterMeters.Ml.Models.Network;

/// <summary>The numbers that make one U-Net out of the architecture.</summary>
/// <param name="BaseChannels">Channels of the first encoder block; each block below has twice as many.</param>
/// <param name="InputSize">Edge of the square image the network was trained for, pixels; divisible by 16.</param>
public sealed record UNetShape(int BaseChannels = 16, int InputSize = 512)
{
    /// <summary>The architecture's name in model files.</summary>
    public const string Architecture = "unet";

    /// <summary>Channels of the image: red, green, blue.</summary>
    public const int InputChannels = 3;

    /// <summary>Channels of the output: one logit a pixel.</summary>
    public const int OutputChannels = 1;

    /// <summary>Whether the network can be run on squares of this edge, in pixels: it halves them four times.</summary>
    public static bool IsInputSize(int size) => size is >= 16 and <= 4096 && size % 16 == 0;
}
