namespace Fairlead.Engine.Checking.Pages;

/// <summary>What differs between two pictures.</summary>
/// <param name="Pixels">Those that somebody would see to differ.</param>
/// <param name="Share">Of all pixels, in percent.</param>
/// <param name="Shown">The new picture faded, with what differs in red and what only is smoothed otherwise in yellow.</param>
internal sealed record Difference(long Pixels, double Share, Picture Shown);

/// <summary>
/// Compares pictures as eyes do: the distance of two colours is that of YIQ, in which brightness counts for most, and edges that are
/// smoothed otherwise ("anti-aliasing") count for nothing.
/// </summary>
/// <remarks>
/// Y. Kotsarenko, F. Ramos: Measuring perceived color difference using YIQ NTSC transmission color space in mobile applications, 2010.
/// V. Vysniauskas: Anti-aliased pixel and intensity slope detector, 2009.
/// </remarks>
internal static class PictureDiff
{
    // The distance of black and white.
    private const double Most = 35215;

    /// <param name="threshold">From 0, where any difference counts, to 1, where none does.</param>
    public static Difference Of(Picture before, Picture after, double threshold)
    {
        var (width, height) = (Math.Max(before.Width, after.Width), Math.Max(before.Height, after.Height));
        var (old, now) = (before.In(width, height), after.In(width, height));
        var shown = Picture.Empty(width, height);
        var limit = Most * threshold * threshold;
        var pixels = 0L;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = ((y * width) + x) * 4;
                if (
                    old.Pixels.AsSpan(at, 4).SequenceEqual(now.Pixels.AsSpan(at, 4))
                    || Math.Abs(Distance(old, now, at, at)) <= limit
                )
                {
                    Fade(now, shown, at);
                }
                else if (IsSmoothing(old, now, x, y) || IsSmoothing(now, old, x, y))
                {
                    Paint(shown, at, (255, 200, 0));
                }
                else
                {
                    pixels++;
                    Paint(shown, at, (255, 0, 0));
                }
            }
        }
        return new(pixels, pixels * 100.0 / ((long)width * height), shown);
    }

    private static void Paint(Picture picture, int at, (byte Red, byte Green, byte Blue) colour) =>
        (picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2], picture.Pixels[at + 3]) = (
            colour.Red,
            colour.Green,
            colour.Blue,
            255
        );

    private static void Fade(Picture from, Picture to, int at)
    {
        const double Part = 0.15;
        var grey = (byte)(255 + ((Brightness(from, at) - 255) * Part));
        Paint(to, at, (grey, grey, grey));
    }

    /// <summary>How far two colours are apart; below 0 when the second is darker.</summary>
    private static double Distance(Picture one, Picture two, int at, int other)
    {
        var (r1, g1, b1) = On(one, at);
        var (r2, g2, b2) = On(two, other);
        var (r, g, b) = (r1 - r2, g1 - g2, b1 - b2);
        var y = (r * 0.29889531) + (g * 0.58662247) + (b * 0.11448223);
        var i = (r * 0.59597799) - (g * 0.27417610) - (b * 0.32180189);
        var q = (r * 0.21147017) - (g * 0.52261711) + (b * 0.31114694);
        var distance = (0.5053 * y * y) + (0.299 * i * i) + (0.1957 * q * q);
        return y > 0 ? -distance : distance;
    }

    private static double Brightness(Picture picture, int at)
    {
        var (r, g, b) = On(picture, at);
        return (r * 0.29889531) + (g * 0.58662247) + (b * 0.11448223);
    }

    // What is transparent stands on white.
    private static (double Red, double Green, double Blue) On(Picture picture, int at)
    {
        var part = picture.Pixels[at + 3] / 255.0;
        return (
            255 + ((picture.Pixels[at] - 255) * part),
            255 + ((picture.Pixels[at + 1] - 255) * part),
            255 + ((picture.Pixels[at + 2] - 255) * part)
        );
    }

    /// <summary>
    /// Whether a pixel only smooths an edge: it has a brighter and a darker neighbour, few of its own brightness, and one of both lies in an
    /// even area in both pictures.
    /// </summary>
    private static bool IsSmoothing(Picture picture, Picture other, int x, int y)
    {
        var own = Brightness(picture, ((y * picture.Width) + x) * 4);
        var (equal, least, most) = (0, 0.0, 0.0);
        (int X, int Y) darkest = default;
        (int X, int Y) brightest = default;
        foreach (var (near, line) in Neighbours(picture, x, y))
        {
            var step = Brightness(picture, ((line * picture.Width) + near) * 4) - own;
            if (step == 0)
            {
                equal++;
            }
            else if (step < least)
            {
                (least, darkest) = (step, (near, line));
            }
            else if (step > most)
            {
                (most, brightest) = (step, (near, line));
            }
        }
        // The border of a picture counts as one neighbour of the same kind.
        equal += IsBorder(picture, x, y) ? 1 : 0;
        return equal <= 2
            && least < 0
            && most > 0
            && (
                (IsEven(picture, darkest.X, darkest.Y) && IsEven(other, darkest.X, darkest.Y))
                || (IsEven(picture, brightest.X, brightest.Y) && IsEven(other, brightest.X, brightest.Y))
            );
    }

    /// <summary>Whether at least three neighbours have the very same colour.</summary>
    private static bool IsEven(Picture picture, int x, int y)
    {
        var equal = IsBorder(picture, x, y) ? 1 : 0;
        var own = picture.Pixels.AsSpan(((y * picture.Width) + x) * 4, 4);
        foreach (var (near, line) in Neighbours(picture, x, y))
        {
            equal += own.SequenceEqual(picture.Pixels.AsSpan(((line * picture.Width) + near) * 4, 4)) ? 1 : 0;
        }
        return equal > 2;
    }

    private static bool IsBorder(Picture picture, int x, int y) =>
        x == 0 || y == 0 || x == picture.Width - 1 || y == picture.Height - 1;

    private static IEnumerable<(int X, int Y)> Neighbours(Picture picture, int x, int y)
    {
        // Column by column: of neighbours that are equally dark, or bright, the first one counts.
        for (var near = Math.Max(0, x - 1); near <= Math.Min(picture.Width - 1, x + 1); near++)
        {
            for (var line = Math.Max(0, y - 1); line <= Math.Min(picture.Height - 1, y + 1); line++)
            {
                if (near != x || line != y)
                {
                    yield return (near, line);
                }
            }
        }
    }
}
