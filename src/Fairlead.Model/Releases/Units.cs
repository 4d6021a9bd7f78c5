using System.Globalization;

namespace Fairlead.Model.Releases;

/// <summary>Lets plans and tests say <c>5.Percent</c> and <c>2.Minutes</c>, and people read <c>90s</c> as a time.</summary>
public static class Units
{
    extension(int number)
    {
        public Share Percent => new(number);

        public TimeSpan Seconds => TimeSpan.FromSeconds(number);

        public TimeSpan Minutes => TimeSpan.FromMinutes(number);
    }

    extension(TimeSpan time)
    {
        /// <summary>The shortest text that <see cref="TryParseDuration"/> reads back: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>.</summary>
        public string Text =>
            time switch
            {
                { Ticks: 0 } => "0s",
                _ when time.Ticks % TimeSpan.TicksPerDay == 0 => $"{time.Days}d",
                _ when time.Ticks % TimeSpan.TicksPerHour == 0 => $"{(long)time.TotalHours}h",
                _ when time.Ticks % TimeSpan.TicksPerMinute == 0 => $"{(long)time.TotalMinutes}m",
                _ when time.Ticks % TimeSpan.TicksPerSecond == 0 => $"{(long)time.TotalSeconds}s",
                _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms"),
            };
    }

    /// <summary>Reads <c>250ms</c>, <c>1.5s</c>, <c>30s</c>, <c>5m</c>, <c>2h</c> or <c>1d</c>; null for anything else and beyond 365 days.</summary>
    public static TimeSpan? TryParseDuration(string text)
    {
        var unit = text.AsSpan().TrimStart("0123456789.");
        var number = text.AsSpan(0, text.Length - unit.Length);
        double? milliseconds = unit switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => null,
        };
        return
            milliseconds is { } factor
            && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * factor <= TimeSpan.FromDays(365).TotalMilliseconds
            ? TimeSpan.FromMilliseconds(count * factor)
            : null;
    }
}
