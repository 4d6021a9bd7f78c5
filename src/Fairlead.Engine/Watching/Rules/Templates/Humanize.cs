using System.Globalization;

namespace Fairlead.Engine.Watching.Rules.Templates;

/// <summary>Numbers as people like them, digit for digit as Prometheus writes them.</summary>
internal static class Humanize
{
    private const int Digits = 4;

    private static readonly string[] Large = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
    private static readonly string[] Small = ["m", "u", "n", "p", "f", "a", "z", "y"];

    public static string Decimal(double value) =>
        value == 0 || !double.IsFinite(value) ? TemplateText.General(value, Digits)
        : Math.Abs(value) >= 1 ? Scaled(value, 1000, Large)
        : Shrunk(value);

    public static string Binary(double value) =>
        Math.Abs(value) <= 1 || !double.IsFinite(value)
            ? TemplateText.General(value, Digits)
            : Scaled(value, 1024, [.. Large.Select(static one => one + "i")]);

    public static string Duration(double value)
    {
        if (!double.IsFinite(value))
        {
            return TemplateText.General(value, Digits);
        }
        if (value == 0)
        {
            return "0s";
        }
        if (Math.Abs(value) < 1)
        {
            return Shrunk(value) + "s";
        }
        var sign = value < 0 ? "-" : "";
        value = Math.Abs(value);
        var whole = (long)value;
        var (seconds, minutes, hours, days) = (whole % 60, whole / 60 % 60, whole / 3600 % 24, whole / 86_400);
        return sign
            + (
                days != 0 ? $"{days}d {hours}h {minutes}m {seconds}s"
                : hours != 0 ? $"{hours}h {minutes}m {seconds}s"
                : minutes != 0 ? $"{minutes}m {seconds}s"
                : $"{TemplateText.General(value, Digits)}s"
            );
    }

    public static string Timestamp(double value)
    {
        if (!double.IsFinite(value) || Math.Abs(value) > 2e11)
        {
            return TemplateText.General(value, Digits);
        }
        var time = DateTimeOffset.UnixEpoch.AddTicks((long)(value * TimeSpan.TicksPerSecond));
        return time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture).TrimEnd('.') + " +0000 UTC";
    }

    private static string Scaled(double value, double by, IReadOnlyList<string> prefixes)
    {
        var prefix = "";
        foreach (var next in prefixes)
        {
            if (Math.Abs(value) < by)
            {
                break;
            }
            (prefix, value) = (next, value / by);
        }
        return TemplateText.General(value, Digits) + prefix;
    }

    private static string Shrunk(double value)
    {
        var prefix = "";
        foreach (var next in Small)
        {
            if (Math.Abs(value) >= 1)
            {
                break;
            }
            (prefix, value) = (next, value * 1000);
        }
        return TemplateText.General(value, Digits) + prefix;
    }
}
