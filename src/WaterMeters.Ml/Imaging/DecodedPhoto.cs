namespace WaterMeters.Ml.Imaging;

/// <summary>A decoded photo with what its file says. Dispose it: the garbage collector does not free the pixels.</summary>
/// <param name="Image">The pixels, upright, four channels; at half size for a photo that is decoded at reduced size.</param>
/// <param name="Header">The header of its file, with the photo's own size.</param>
/// <param name="Flaws">What is wrong with the file.</param>
internal sealed record DecodedPhoto(Raster Image, PhotoHeader Header, ImageFlaws Flaws) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Image.Dispose();
}
