using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Testing;

/// <summary>
/// A series as tests write it: <c>up{job="api"} 1 1+2x3 _x2 stale</c>. <c>a+bxn</c> is a and n more, each larger by b; <c>axn</c> is a
/// and n more of the same; <c>_</c> is no sample.
/// </summary>
/// <param name="Values">One for each point; null where there is none.</param>
/// <param name="HasHistograms">It held native histograms, which are read as no sample.</param>
internal sealed partial record SeriesNotation(Labels Labels, IReadOnlyList<double?> Values, bool HasHistograms)
{
    private const int PointsMax = 1_000_000;

    /// <exception cref="FormatException">It is not written so.</exception>
    public static SeriesNotation Read(string text)
    {
        var end = NameEnd(text);
        return Read(text[..end].Trim(), text[end..]);
    }

    /// <exception cref="FormatException">It is not written so.</exception>
    public static SeriesNotation Read(string series, string values)
    {
        Labels labels;
        try
        {
            labels = Parser.ReadSeries(series);
        }
        catch (Model.Problems.ProblemException caught)
        {
            throw new FormatException($"'{series}' is no series: {caught.Problem.Why}", caught);
        }
        var points = new List<double?>();
        var hasHistograms = false;
        foreach (Match item in Items().Matches(values))
        {
            hasHistograms |= item.Value.Contains("{{", StringComparison.Ordinal);
            points.AddRange(Points(item.Value));
            if (points.Count > PointsMax)
            {
                throw new FormatException($"'{series}' has more than {PointsMax} points");
            }
        }
        return new(labels, points, hasHistograms);
    }

    /// <summary>Its samples from time 0 on.</summary>
    public SeriesSamples Samples(long interval) =>
        new(
            Labels,
            [
                .. Values
                    .Select((value, place) => (Value: value, At: place * interval))
                    .Where(static point => point.Value is not null)
                    .Select(static point => new Sample(point.At, point.Value!.Value)), // Those without are left out.
            ]
        );

    private static IEnumerable<double?> Points(string item)
    {
        if (item.Contains("{{", StringComparison.Ordinal))
        {
            var times = HistogramTimes().Match(item) is { Success: true } found
                ? Count(found.Groups["count"].Value)
                : 0;
            return Enumerable.Repeat<double?>(null, times + 1);
        }
        if (item is "stale")
        {
            return [Sample.Stale];
        }
        if (Blank().Match(item) is { Success: true } blank)
        {
            return Enumerable.Repeat<double?>(
                null,
                blank.Groups["count"].Success ? Count(blank.Groups["count"].Value) : 1
            );
        }
        if (Numbers.Read(item) is { } plain && !item.Contains('x'))
        {
            return [plain];
        }
        var match = Expansion().Match(item);
        if (!match.Success || Number(match.Groups["start"].Value) is not { } start)
        {
            throw new FormatException($"'{item}' is no value, and no a+bxn");
        }
        var step = match.Groups["step"].Success ? Number(match.Groups["step"].Value) : 0;
        return step is null
            ? throw new FormatException($"'{item}' has no number after its sign")
            : Risen(start, step.Value, Count(match.Groups["count"].Value));
    }

    private static IEnumerable<double?> Risen(double start, double step, int count)
    {
        var value = start;
        for (var i = 0; i <= count; i++, value += step)
        {
            yield return value;
        }
    }

    private static double? Number(string text) => Numbers.ReadReal(text);

    private static int Count(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= PointsMax
            ? count
            : throw new FormatException($"{digits} repetitions are too many");

    /// <summary>Where the name and its braces end.</summary>
    private static int NameEnd(string text)
    {
        var at = 0;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] != '{')
        {
            at++;
        }
        var brace = at;
        while (brace < text.Length && char.IsWhiteSpace(text[brace]))
        {
            brace++;
        }
        if (brace == text.Length || text[brace] != '{' || (brace + 1 < text.Length && text[brace + 1] == '{'))
        {
            return at;
        }
        char? quote = null;
        for (at = brace; at < text.Length; at++)
        {
            if (quote is not null)
            {
                at += text[at] == '\\' ? 1 : 0;
                quote = at < text.Length && text[at] == quote ? null : quote;
            }
            else if (text[at] is '"' or '\'' or '`')
            {
                quote = text[at];
            }
            else if (text[at] == '}')
            {
                return at + 1;
            }
        }
        throw new FormatException($"'{text}' opens a brace and does not close it");
    }

    [GeneratedRegex(@"\{\{[^}]*\}\}(?:[+-]\{\{[^}]*\}\})?(?:x[0-9]+)?|[^\s]+", RegexOptions.NonBacktracking)]
    private static partial Regex Items();

    [GeneratedRegex("}}x(?<count>[0-9]+)$", RegexOptions.NonBacktracking)]
    private static partial Regex HistogramTimes();

    [GeneratedRegex("^_(?:x(?<count>[0-9]+))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Blank();

    [GeneratedRegex(
        @"^(?<start>[+-]?(?:[0-9.]+(?:[eE][+-]?[0-9]+)?|[iI][nN][fF]|[nN][aA][nN]))(?<step>[+-](?:[0-9.]+(?:[eE][+-]?[0-9]+)?|[iI][nN][fF]|[nN][aA][nN]))?x(?<count>[0-9]+)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Expansion();
}
