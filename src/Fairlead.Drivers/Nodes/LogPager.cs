using System.Globalization;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>Reads the logs of many replicas as one, page by page.</summary>
/// <param name="live">Of replicas that exist.</param>
/// <param name="stopped">Of those that are gone: shown when nothing else is there, and to those who read them before the end.</param>
internal sealed class LogPager(
    IReadOnlyDictionary<InstanceKey, RotatingLog> live,
    IReadOnlyDictionary<InstanceKey, RotatingLog> stopped
)
{
    private const int LinesMax = 10_000;

    /// <param name="cursor">What an earlier page said; anything else begins anew.</param>
    public LogPage Read(LogQuery query, string? cursor)
    {
        var (begun, ended) = (Asked(live, query), Asked(stopped, query));
        var places = cursor is null ? Begin(begun, ended, Math.Clamp(query.Tail, 0, LinesMax)) : Parse(cursor);
        var max = Math.Clamp(query.Max, 1, LinesMax);
        List<LogLine> lines = [];
        Dictionary<string, long> next = [];
        var all = begun.Concat(ended).ToList();
        for (var index = 0; index < all.Count; index++)
        {
            // Each has an even part of the page, so one that talks a lot does not silence the rest.
            var room = (max - lines.Count + all.Count - index - 1) / (all.Count - index);
            var (replica, log) = all[index];
            var (read, place) = log.Read(places.GetValueOrDefault(replica), room);
            lines.AddRange(read.Select(line => new LogLine(replica, line)));
            next[replica] = place;
        }
        return new LogPage(lines, Text(next));
    }

    /// <summary>Such as <c>api@42#0</c>.</summary>
    public static string Name(InstanceKey key) => $"{key.Part}#{key.Slot}";

    // api@42#0:12345,web@42#0:6
    internal static string Text(IReadOnlyDictionary<string, long> places) =>
        string.Join(
            ',',
            places.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}"))
        );

    internal static Dictionary<string, long> Parse(string cursor)
    {
        Dictionary<string, long> places = [];
        foreach (var part in cursor.Split(','))
        {
            if (
                part.Split(':') is [var replica, var text]
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            )
            {
                places[replica] = place;
            }
        }
        return places;
    }

    private static List<(string Replica, RotatingLog Log)> Asked(
        IReadOnlyDictionary<InstanceKey, RotatingLog> logs,
        LogQuery query
    ) =>
        [
            .. logs.Where(pair =>
                    pair.Key.Site == query.Site && (query.Service is null || pair.Key.Part.Service == query.Service)
                )
                .OrderBy(pair => pair.Key.Part.Service, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Part.Since)
                .ThenBy(pair => pair.Key.Slot)
                .Select(pair => (Name(pair.Key), pair.Value)),
        ];

    // A replica that is in no later cursor is newer than the cursor and read from its first line; so all that exist now are
    // put in, the stopped ones at their end.
    private static Dictionary<string, long> Begin(
        List<(string Replica, RotatingLog Log)> begun,
        List<(string Replica, RotatingLog Log)> ended,
        int tail
    ) =>
        begun
            .Select(one => (one.Replica, Place: one.Log.TailStart(tail)))
            .Concat(ended.Select(one => (one.Replica, Place: begun.Count == 0 ? one.Log.TailStart(tail) : one.Log.End)))
            .ToDictionary(one => one.Replica, one => one.Place);
}
