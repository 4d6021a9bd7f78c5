using System.Globalization;

namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Numbers as people read them, the same on every page.</summary>
public static class Figures
{
    /// <summary>As short as it can be without lying: <c>1.2k</c>, <c>340</c>, <c>0.24</c>.</summary>
    public static string Brief(double value)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }
        var size = Math.Abs(value);
        var (scaled, unit) = size switch
        {
            >= 1e9 => (value / 1e9, "G"),
            >= 1e6 => (value / 1e6, "M"),
            >= 1e4 => (value / 1e3, "k"),
            _ => (value, ""),
        };
        var form = Math.Abs(scaled) switch
        {
            >= 100 => "0",
            >= 10 => "0.#",
            >= 1 => "0.##",
            0 => "0",
            >= 0.001 => "0.###",
            _ => "0.#e0",
        };
        return scaled.ToString(form, CultureInfo.InvariantCulture) + unit;
    }

    /// <summary><c>18,204</c>.</summary>
    public static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>0.24%</c>; a dash when nothing is known.</summary>
    public static string Percent(double? value) => value is { } known ? $"{Brief(known)}%" : "–";

    /// <summary><c>182 ms</c>; a dash when nothing is known.</summary>
    public static string Milliseconds(double? value) => value is { } known ? $"{Brief(known)} ms" : "–";

    /// <summary><c>3m 40s</c>, two units at most.</summary>
    public static string Time(TimeSpan time)
    {
        var rest = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        return rest switch
        {
            { TotalSeconds: < 1 } => "under 1s",
            { TotalMinutes: < 1 } => $"{rest.Seconds}s",
            { TotalHours: < 1 } => rest.Seconds == 0 ? $"{rest.Minutes}m" : $"{rest.Minutes}m {rest.Seconds}s",
            { TotalDays: < 1 } => rest.Minutes == 0 ? $"{rest.Hours}h" : $"{rest.Hours}h {rest.Minutes}m",
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)rest.TotalDays}d {rest.Hours}h"),
        };
    }

    /// <summary>Round numbers that mark an axis, from 0 to at least <paramref name="most"/>.</summary>
    public static IReadOnlyList<double> Ticks(double most, int wanted)
    {
        if (!(most > 0) || !double.IsFinite(most))
        {
            return [0, 1];
        }
        var raw = most / wanted;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step =
            magnitude
            * (
                (raw / magnitude) switch
                {
                    <= 1 => 1,
                    <= 2 => 2,
                    <= 5 => 5,
                    _ => 10,
                }
            );
        var count = (int)Math.Ceiling(most / step - 1e-9);
        return [.. Enumerable.Range(0, count + 1).Select(index => index * step)];
    }
}
