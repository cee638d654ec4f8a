namespace WaterMeters.Ml.Samples;

/// <summary>Light that reaches each pixel: less towards one side and the corners, with a flash in the dark much less.</summary>
internal sealed class LightField
{
    private const int Steps = 1024;
    private readonly int[] falloff = new int[Steps];
    private readonly float middleX, middleY, perStep, start, alongX, alongY;

    public LightField(SampleScene scene, SampleRandom random)
    {
        float halfWidth = scene.Width / 2f, halfHeight = scene.Height / 2f;
        (float sin, float cos) = MathF.SinCos(random.Between(0, MathF.Tau));
        float slope = random.Between(0, 0.45f);
        start = 1 - slope / 2;
        alongX = slope / 2 * cos / halfWidth;
        alongY = slope / 2 * sin / halfHeight;
        start -= alongX * halfWidth + alongY * halfHeight;

        bool flash = scene.Backdrop == Backdrop.Cabinet ? random.Chance(0.75) : random.Chance(0.25);
        float depth = flash ? random.Between(0.65f, 0.95f) : random.Between(0.1f, 0.4f);
        float longer = Math.Max(scene.Width, scene.Height);
        float radius = longer * (flash ? random.Between(0.5f, 0.75f) : random.Between(0.7f, 0.95f));
        middleX = (halfWidth + scene.Centre.X) / 2;
        middleY = (halfHeight + scene.Centre.Y) / 2;
        // Indexed by squared distance, so that no square root is needed per pixel.
        perStep = Steps / (4 * longer * longer);
        for (int i = 0; i < Steps; i++)
        {
            float part = Math.Clamp((MathF.Sqrt(i / perStep) / radius - 0.15f) / 0.85f, 0, 1);
            falloff[i] = (int)(65536 * (1 - depth * part * part * (3 - 2 * part)));
        }
    }

    /// <summary>Fills the light factors of row <paramref name="y"/>; 256 is full light.</summary>
    public void Row(int y, Span<int> factors)
    {
        float down = y - middleY, linear = start + y * alongY;
        for (int x = 0; x < factors.Length; x++)
        {
            float across = x - middleX;
            int step = Math.Min(Steps - 1, (int)((across * across + down * down) * perStep));
            factors[x] = (int)((linear + x * alongX) * falloff[step]) >> 8;
        }
    }
}
