using System.Globalization;

namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Where times are on a line, and which of them are named.</summary>
public sealed record TimeAxis(DateTimeOffset From, DateTimeOffset Until, double Left, double Right)
{
    private static readonly TimeSpan[] Steps =
    [
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(static one => TimeSpan.FromSeconds(one)),
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(static one => TimeSpan.FromMinutes(one)),
        .. new[] { 1, 2, 3, 6, 12 }.Select(static one => TimeSpan.FromHours(one)),
        .. new[] { 1, 2, 7, 14, 30, 90, 365 }.Select(static one => TimeSpan.FromDays(one)),
    ];

    private TimeSpan Length => Until > From ? Until - From : TimeSpan.FromSeconds(1);

    public double X(DateTimeOffset at) => Left + (Right - Left) * Math.Clamp((at - From) / Length, 0, 1);

    /// <summary>Round times within, about so many, with their words in UTC.</summary>
    public IEnumerable<(double X, string Words)> Ticks(int wanted)
    {
        var step = Steps.FirstOrDefault(one => Length / one <= wanted, TimeSpan.FromDays(365));
        var first = new DateTimeOffset((From.UtcTicks / step.Ticks + 1) * step.Ticks, TimeSpan.Zero);
        for (var at = first; at <= Until; at += step)
        {
            yield return (X(at), Words(at, step));
        }
    }

    private string Words(DateTimeOffset at, TimeSpan step) =>
        at.UtcDateTime.ToString(
            step < TimeSpan.FromMinutes(1) ? "HH:mm:ss"
                : step < TimeSpan.FromDays(1) && Length < TimeSpan.FromDays(2) ? "HH:mm"
                : step < TimeSpan.FromDays(1) ? "MMM d HH:mm"
                : "MMM d",
            CultureInfo.InvariantCulture
        );
}
