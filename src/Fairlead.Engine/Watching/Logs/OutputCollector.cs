using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>Takes what every app writes to its outputs. The node's files are the queue: while the server is away nothing is lost.</summary>
public sealed class OutputCollector(IStore sites, ILogs outputs, LogCollecting collecting) : IBackgroundWork
{
    private const int LinesMax = 5_000;

    // A cursor that names no replica: each is read from its first line on.
    private const string Beginning = "-";

    public string Name => "collect-outputs";

    public Task RunAsync(CancellationToken stop) => collecting.RunAsync("What apps write", LookAsync, stop);

    /// <summary>Looks once at every site.</summary>
    internal async Task<bool> LookAsync(CancellationToken stop)
    {
        var hasMore = false;
        foreach (var document in await sites.ListAsync(Records.Sites, "", stop))
        {
            hasMore |= await LookAsync(Records.Read<SiteRecord>(document).Site, stop);
        }
        return hasMore;
    }

    private async Task<bool> LookAsync(Site site, CancellationToken stop)
    {
        var name = $"outputs/{site}";
        var cursor = await collecting.PlaceAsync(name, stop) ?? Beginning;
        var page = await outputs.ReadAsync(new LogQuery(site, Service: null, Tail: 0, LinesMax), cursor, stop);
        if (page.Lines.Count == 0 && page.Cursor == cursor)
        {
            return false;
        }
        var now = LogReception.Nanoseconds(collecting.World.Now);
        List<LogRecord> records = [];
        foreach (var replica in page.Lines.GroupBy(line => line.Replica))
        {
            var stream = StreamOf(site, replica.Key);
            records.AddRange(
                LineGroups
                    .Of(replica.Select(line => line.Text))
                    .Where(text => text.Length > 0)
                    .Select(text => new LogRecord
                    {
                        At = now,
                        Observed = now,
                        Body = text,
                        Stream = stream,
                    })
            );
        }
        await collecting.KeepAsync(new LogBatch(records) { Bookmark = new(name, page.Cursor) }, stop);
        // A page may also be full by its bytes.
        return page.Lines.Count > LinesMax / 10;
    }

    /// <param name="replica">Such as <c>api@42#0</c>.</param>
    internal static Labels StreamOf(Site site, string replica)
    {
        var source =
            replica.Split('@', '#') is [var service, var since, var slot]
            && int.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? new Source(site, service, new Part(service, number), index)
                : new Source(site, replica);
        return source.On(Labels.Of([new(LogKinds.Label, LogKinds.Output)]));
    }
}
