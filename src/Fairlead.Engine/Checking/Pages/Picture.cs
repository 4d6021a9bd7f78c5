namespace Fairlead.Engine.Checking.Pages;

/// <summary>A picture of pixels: red, green, blue and opacity, a byte each, line by line from the top.</summary>
internal sealed record Picture(int Width, int Height, byte[] Pixels)
{
    public static Picture Empty(int width, int height) => new(width, height, new byte[width * height * 4]);

    /// <summary>The same with more room at the right and below, which is transparent.</summary>
    public Picture In(int width, int height)
    {
        if (width == Width && height == Height)
        {
            return this;
        }
        var larger = Empty(width, height);
        for (var line = 0; line < Math.Min(Height, height); line++)
        {
            Pixels.AsSpan(line * Width * 4, Math.Min(Width, width) * 4).CopyTo(larger.Pixels.AsSpan(line * width * 4));
        }
        return larger;
    }
}
