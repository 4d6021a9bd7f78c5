using System.Globalization;

namespace Fairlead.Drivers.Pipelines.Clusters;

/// <summary>
/// How far a log has been read that can only be asked for from a whole second on: of what comes again, the new lines are told by the time that
/// stands before each. Several may have the same.
/// </summary>
internal sealed class LogPlace
{
    private const int FractionDigits = 9;

    private string last = "";
    private int seen;

    /// <summary>From when on to ask next; null for the beginning.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <param name="lines">Such as <c>2026-11-27T08:20:02.939054597Z hello</c>, in the order of their times.</param>
    /// <returns>Those not seen before, without their times.</returns>
    public IReadOnlyList<string> New(IReadOnlyList<string> lines)
    {
        var fresh = new List<string>();
        var here = 0;
        foreach (var line in lines)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var stamp = space < 0 ? line : line[..space];
            if (!DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at))
            {
                continue;
            }
            var time = Sortable(stamp, at);
            var order = string.CompareOrdinal(time, last);
            here = order == 0 ? here + 1 : here;
            if (order < 0 || order == 0 && here <= seen)
            {
                continue;
            }
            (last, seen) = (time, order == 0 ? here : 1);
            here = order == 0 ? here : 1;
            Since = at;
            fresh.Add(space < 0 ? "" : line[(space + 1)..]);
        }
        return fresh;
    }

    // Some clusters leave out zeros at the end, and a DateTimeOffset knows only the first seven digits.
    private static string Sortable(string stamp, DateTimeOffset at)
    {
        var dot = stamp.IndexOf('.', StringComparison.Ordinal);
        var digits = dot < 0 ? "" : string.Concat(stamp[(dot + 1)..].TakeWhile(char.IsAsciiDigit));
        var seconds = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return $"{seconds}.{digits.PadRight(FractionDigits, '0')}";
    }
}
