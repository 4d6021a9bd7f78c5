using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Bench.Edge;

/// <summary>A run of wrk: as many requests as a few connections can carry.</summary>
/// <param name="P99">In milliseconds.</param>
/// <param name="Errors">Answers that were no success, and broken connections.</param>
internal sealed partial record Wrk(double PerSecond, double P99, long Errors)
{
    private const RegexOptions Plain = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    public static async Task<Wrk> RunAsync(string url, int connections, TimeSpan time, string? header = null)
    {
        var seconds = ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        string[] extra = header is null ? [] : ["-H", header];
        var connected = $"-c{connections.ToString(CultureInfo.InvariantCulture)}";
        var text = await Programs.OutputOfAsync(
            Programs.Pinned(1, ["wrk", "-t1", connected, $"-d{seconds}", "--latency", .. extra, url])
        );
        var rate = Number(RateLine().Match(text));
        var p99 = P99Line().Match(text);
        var unit = p99.Groups["unit"].Value switch
        {
            "us" => 0.001,
            "ms" => 1,
            _ => 1_000,
        };
        var errors = ErrorLine().Matches(text).Sum(one => (long)Number(one));
        return new(rate, Number(p99) * unit, errors);
    }

    private static double Number(Match match) =>
        double.TryParse(match.Groups["number"].Value, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[\d.]+)", Plain)]
    private static partial Regex RateLine();

    [GeneratedRegex(@"99%\s+(?<number>[\d.]+)(?<unit>us|ms|s)", Plain)]
    private static partial Regex P99Line();

    [GeneratedRegex(@"(?:Non-2xx or 3xx responses:|read|write|timeout|connect)\s+(?<number>\d+)", Plain)]
    private static partial Regex ErrorLine();
}
