namespace WaterMeters.Ml.Models.Network;

/// <summary>
/// Guesses from the names of its tensors what another network is for, so that a refusal says more than "another network".
/// </summary>
internal static class ForeignNetwork
{
    private static readonly (string Part, string Kind)[] Signs =
    [
        ("lora_", "an adapter (LoRA) of another network"),
        ("diffusion_model", "a network that makes images"),
        ("time_embed", "a network that makes images"),
        ("embed_tokens", "a language model"),
        ("word_embeddings", "a language model"),
        ("wte.weight", "a language model"),
        ("lm_head", "a language model"),
        ("decode_head", "a segmentation network of another library"),
        ("segmentation_head", "a segmentation network of another library"),
        ("outc.conv", "a U-Net of another program"),
        ("dfl.conv", "a detector (YOLO)"),
        ("anchor", "a detector"),
        ("rpn.", "a detector"),
        ("classifier.", "a classifier"),
        ("fc.weight", "a classifier"),
        ("head.weight", "a classifier"),
    ];

    /// <summary>Returns what the network seems to be: <c>a classifier</c>; null when the names do not tell.</summary>
    public static string? Guess(IReadOnlyCollection<string> names) => Signs
        .Where(sign => names.Any(name => name.Contains(sign.Part, StringComparison.Ordinal)))
        .Select(sign => sign.Kind).FirstOrDefault();
}
