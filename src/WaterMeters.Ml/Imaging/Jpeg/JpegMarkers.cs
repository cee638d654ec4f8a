namespace WaterMeters.Ml.Imaging.Jpeg;

/// <summary>Finds the markers of a JPEG file (ITU-T T.81, B.1.1.3).</summary>
internal static class JpegMarkers
{
    /// <summary>Moves behind the next marker. In a scan, ff 00 is a data byte, not a marker; fill bytes are skipped.</summary>
    public static bool NextMarker(ReadOnlySpan<byte> file, ref int at, out byte marker)
    {
        marker = 0;
        while (at < file.Length)
        {
            int step = file[at..].IndexOf((byte)0xff);
            if (step < 0) break;

            at += step + 1;
            while (at < file.Length && file[at] == 0xff) at++;
            if (at >= file.Length) break;

            marker = file[at++];
            if (marker != 0) return true;
        }

        return false;
    }

    /// <summary>Returns whether the marker has no length field: TEM, RST0 to RST7, SOI.</summary>
    public static bool HasNoLength(byte marker) => marker is 0x01 or (>= 0xd0 and <= 0xd8);

    /// <summary>Returns whether the marker is SOF0 to SOF15; DHT, JPG and DAC, which lie between them, are not.</summary>
    public static bool IsStartOfFrame(byte marker) => marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc);
}
