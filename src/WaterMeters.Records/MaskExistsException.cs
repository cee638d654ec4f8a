namespace WaterMeters;

/// <summary>Masks exist already and were not replaced.</summary>
public sealed class MaskExistsException : PhotoException
{
    /// <summary>
    /// Creates the exception. <paramref name="path"/>: the photo, or the folder of several masks; <paramref name="masks"/>: the masks.
    /// </summary>
    public MaskExistsException(string path, string message, IReadOnlyList<string> masks) : base(path, message) => Masks = masks;

    /// <summary>Absolute paths of the masks that exist.</summary>
    public IReadOnlyList<string> Masks { get; }
}
