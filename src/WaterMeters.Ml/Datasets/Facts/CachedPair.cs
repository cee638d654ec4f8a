using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>The cached facts of a pair, and the stamps of the files that they belong to.</summary>
/// <param name="PhotoName">File name of the photo.</param>
/// <param name="PhotoStamp">Its stamp when it was read.</param>
/// <param name="MaskName">File name of the mask.</param>
/// <param name="MaskStamp">Its stamp when it was read.</param>
/// <param name="Photo">Facts of the photo.</param>
/// <param name="Mask">Facts of the mask.</param>
internal sealed record CachedPair(
    string PhotoName, FileStamp PhotoStamp, string MaskName, FileStamp MaskStamp, PhotoFacts Photo, MaskFacts Mask)
{
    private const int HashBytes = 32;

    /// <summary>The key of the pair within its data set.</summary>
    public (string Photo, string Mask) Key => (PhotoName, MaskName);

    /// <summary>Writes the facts in binary form.</summary>
    public void Write(BinaryWriter to)
    {
        to.Write(PhotoName);
        Write(to, PhotoStamp);
        to.Write(MaskName);
        Write(to, MaskStamp);
        to.Write(Convert.FromHexString(Photo.Hash));
        Write(to, Photo.Header);
        to.Write((byte)Photo.Flaws);
        to.Write(Photo.DarkEnd);
        to.Write(Photo.BrightEnd);
        to.Write(Photo.Entropy);
        to.Write(Photo.Blur);
        to.Write(Photo.Thumbnail);
        to.Write(Convert.FromHexString(Mask.Hash));
        Write(to, Mask.Header);
        Write(to, Mask.Values);
        to.Write((byte)Mask.Flaws);
        to.Write(Mask.ForegroundPixels);
        to.Write(Mask.OffPixels);
        to.Write(Mask.MiddlePixels);
        to.Write(Mask.ColouredPixels);
        to.Write(Mask.TransparentPixels);
        to.Write(Mask.Pieces);
        to.Write(Mask.Holes);
        to.Write(Mask.TouchesBorder);
        to.Write(Mask.RectWidth);
        to.Write(Mask.RectHeight);
        to.Write(Mask.Thumbnail);
    }

    /// <summary>Reads what <see cref="Write(BinaryWriter)"/> wrote.</summary>
    /// <exception cref="IOException">The stream ends too early.</exception>
    public static CachedPair Read(BinaryReader from)
    {
        string photoName = from.ReadString();
        var photoStamp = ReadStamp(from);
        string maskName = from.ReadString();
        var maskStamp = ReadStamp(from);
        var photo = new PhotoFacts
        {
            Hash = Convert.ToHexStringLower(Bytes(from, HashBytes)),
            Header = ReadHeader(from),
            Flaws = (ImageFlaws)from.ReadByte(),
            DarkEnd = from.ReadByte(),
            BrightEnd = from.ReadByte(),
            Entropy = from.ReadDouble(),
            Blur = from.ReadDouble(),
            Thumbnail = Bytes(from, Thumbnail.Area),
        };
        var mask = new MaskFacts
        {
            Hash = Convert.ToHexStringLower(Bytes(from, HashBytes)),
            Header = ReadHeader(from),
            Values = ReadValues(from),
            Flaws = (ImageFlaws)from.ReadByte(),
            ForegroundPixels = from.ReadInt32(),
            OffPixels = from.ReadInt32(),
            MiddlePixels = from.ReadInt32(),
            ColouredPixels = from.ReadInt32(),
            TransparentPixels = from.ReadInt32(),
            Pieces = from.ReadInt32(),
            Holes = from.ReadInt32(),
            TouchesBorder = from.ReadBoolean(),
            RectWidth = from.ReadDouble(),
            RectHeight = from.ReadDouble(),
            Thumbnail = Bytes(from, Thumbnail.Area),
        };
        return new CachedPair(photoName, photoStamp, maskName, maskStamp, photo, mask);
    }

    private static void Write(BinaryWriter to, MaskValues values)
    {
        to.Write((byte)values.Count);
        to.Write((ushort)values.Lowest);
        to.Write((ushort)values.Highest);
        to.Write(values.IsOrdered);
    }

    private static MaskValues ReadValues(BinaryReader from) =>
        new(from.ReadByte(), from.ReadUInt16(), from.ReadUInt16(), from.ReadBoolean());

    private static void Write(BinaryWriter to, FileStamp stamp)
    {
        to.Write(stamp.Length);
        to.Write(stamp.WriteTicks);
    }

    private static FileStamp ReadStamp(BinaryReader from) => new(from.ReadInt64(), from.ReadInt64());

    private static void Write(BinaryWriter to, PhotoHeader header)
    {
        to.Write(header.StoredWidth);
        to.Write(header.StoredHeight);
        to.Write((byte)header.Orientation);
        to.Write((byte)header.Format);
        to.Write((byte)header.BitDepth);
        to.Write(header.IsLossy);
        to.Write(header.IsMultiPass);
        to.Write(header.IsColour);
        to.Write(header.IsPalette);
        to.Write(header.HasAlpha);
    }

    private static PhotoHeader ReadHeader(BinaryReader from) => new(
        from.ReadInt32(), from.ReadInt32(), from.ReadByte(), (ImageFormat)from.ReadByte())
    {
        BitDepth = from.ReadByte(),
        IsLossy = from.ReadBoolean(),
        IsMultiPass = from.ReadBoolean(),
        IsColour = from.ReadBoolean(),
        IsPalette = from.ReadBoolean(),
        HasAlpha = from.ReadBoolean(),
    };

    private static byte[] Bytes(BinaryReader from, int count)
    {
        byte[] bytes = from.ReadBytes(count);
        return bytes.Length == count ? bytes : throw new EndOfStreamException();
    }
}
