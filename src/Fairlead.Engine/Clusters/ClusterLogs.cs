using System.Globalization;
using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Clusters;

/// <summary>What replicas wrote, here and in clusters, as one. What a pod wrote is there as long as the pod is.</summary>
/// <param name="here">This machine's.</param>
public sealed class ClusterLogs(ILogs here, ClusterPorts ports) : ILogs
{
    private const int LinesMax = 10_000;

    public async Task<LogPage> ReadAsync(LogQuery query, string? cursor, CancellationToken stop)
    {
        var places = await ports.Sites.OfAsync(query.Site, stop);
        var begun = Cursor.TryRead(cursor);
        if (places.Count == 0 && begun is null)
        {
            return await here.ReadAsync(query, cursor, stop);
        }
        var local = await here.ReadAsync(query, begun?.Here ?? cursor, stop);
        var lines = local.Lines.ToList();
        var next = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var place in places)
        {
            lines.AddRange(await ReadAsync(query, place, (begun?.Pods, next), stop));
        }
        return new(lines, new Cursor(local.Cursor, next).ToString());
    }

    /// <summary>A line without the time before it.</summary>
    internal static string TextOf(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? line[(end + 1)..] : line;

    private async Task<List<LogLine>> ReadAsync(
        LogQuery query,
        ClusterPlace place,
        (IReadOnlyDictionary<string, string>? Before, Dictionary<string, string> Next) cursor,
        CancellationToken stop
    )
    {
        var cluster = ports.Clusters.Open(place.Context);
        var seen = await ClusterTarget.LookAsync(cluster, place.Namespace, (query.Site, ports.World), stop);
        var asked = seen.Where(one =>
                one.Pod is not null && (query.Service is null || one.Instance.Key.Part.Service == query.Service)
            )
            .ToList();
        var lines = new List<LogLine>();
        var room = Math.Clamp(query.Max, 1, LinesMax);
        for (var index = 0; index < asked.Count; index++)
        {
            var (key, pod) = (asked[index].Instance.Key, asked[index].Pod!); // Only those that have one are asked.
            var last = cursor.Before?.GetValueOrDefault(pod);
            var written = await cluster.LogAsync(
                new(place.Namespace, pod, key.Part.Service)
                {
                    Since = TimeOf(last),
                    Tail = cursor.Before is null ? Math.Clamp(query.Tail, 1, LinesMax) : null,
                },
                stop
            );
            // Each has an even part of the page, so one that talks a lot does not silence the rest.
            var share = (room - lines.Count + asked.Count - index - 1) / (asked.Count - index);
            var fresh = written.Where(line => IsAfter(line, last)).ToList();
            var taken = cursor.Before is null && query.Tail == 0 ? [] : fresh.Take(share).ToList();
            lines.AddRange(
                taken.Select(line => new LogLine($"{key.Part}#{key.Slot}", ports.Mask.Masked(TextOf(line))))
            );
            var end = cursor.Before is null && query.Tail == 0 ? fresh.LastOrDefault() : taken.LastOrDefault();
            cursor.Next[pod] = end is null ? last ?? "" : StampOf(end);
        }
        return lines;
    }

    private static string StampOf(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? line[..end] : line;

    private static DateTimeOffset? TimeOf(string? stamp) =>
        DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    // Times end where their zeros would begin, so they are compared with all nine digits.
    private static bool IsAfter(string line, string? last) =>
        string.IsNullOrEmpty(last) || string.CompareOrdinal(Whole(StampOf(line)), Whole(last)) > 0;

    private static string Whole(string stamp)
    {
        var plain = stamp.TrimEnd('Z');
        var dot = plain.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? $"{plain}.000000000" : plain.PadRight(dot + 10, '0');
    }

    /// <param name="Here">This machine's part of it.</param>
    /// <param name="Pods">The time of the last line of each.</param>
    private sealed record Cursor(string Here, IReadOnlyDictionary<string, string> Pods)
    {
        private const char Mark = '{';

        public static Cursor? TryRead(string? text)
        {
            try
            {
                return text is [Mark, ..] ? JsonSerializer.Deserialize<Cursor>(text, Records.Json) : null;
            }
            catch (JsonException)
            {
                return null; // Somebody else's: it begins anew.
            }
        }

        public override string ToString() => JsonSerializer.Serialize(this, Records.Json);
    }
}
