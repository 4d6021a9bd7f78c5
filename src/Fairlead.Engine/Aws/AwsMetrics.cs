using System.Globalization;
using System.Xml.Linq;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Aws;

/// <summary>Asks CloudWatch for counts, and reads them (its query API of 2010-08-01). Pure.</summary>
internal static class AwsMetrics
{
    /// <summary>How much of something was counted in each minute since a time.</summary>
    /// <param name="what">Its namespace, such as <c>AWS/Lambda</c>, and its name.</param>
    /// <param name="of">Dimensions: of what it was counted.</param>
    public static AwsCall Count(
        (string Namespace, string Name) what,
        IReadOnlyList<(string Name, string Value)> of,
        DateTimeOffset since,
        DateTimeOffset now
    ) =>
        AwsRest.Query(
            "monitoring",
            "2010-08-01",
            "GetMetricStatistics",
            [
                ("Namespace", what.Namespace),
                ("MetricName", what.Name),
                .. of.SelectMany(
                    static (one, index) =>
                        new[]
                        {
                            ($"Dimensions.member.{AwsRest.Text(index + 1)}.Name", one.Name),
                            ($"Dimensions.member.{AwsRest.Text(index + 1)}.Value", one.Value),
                        }
                ),
                ("StartTime", Time(since)),
                ("EndTime", Time(now)),
                ("Period", "60"),
                ("Statistics.member.1", "Sum"),
            ]
        );

    /// <summary>The sum of all minutes; 0 where nothing was counted.</summary>
    public static long Sum(XElement statistics) =>
        (long)
            statistics
                .Descendants()
                .Where(static one => one.Name.LocalName == "Sum")
                .Sum(static one =>
                    double.TryParse(one.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && number is >= 0 and < 1e15
                        ? number
                        : 0
                );

    /// <summary>What a part did since its shares changed.</summary>
    public static PartTraffic TrafficOf(Part part, long requests, long failed, DateTimeOffset since)
    {
        var counts = new TrafficCounts(requests, Math.Min(failed, requests), 0, 0, 0);
        var bad = counts.Failed;
        return new(part, counts, [0, requests - bad, 0, 0, bad], LatencyHistogram.Empty, counts)
        {
            Incidents = bad,
            // Another change of shares counts anew.
            Window = (int)(since.ToUnixTimeSeconds() % int.MaxValue),
        };
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
