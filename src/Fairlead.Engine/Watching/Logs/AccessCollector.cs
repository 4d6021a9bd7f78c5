using System.Globalization;
using System.Text.Json;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>Takes the edge's access log, a line of JSON for each request.</summary>
public sealed class AccessCollector(ILineFile file, LogCollecting collecting) : IBackgroundWork
{
    private const string Place = "access";
    private const int LinesMax = 5_000;

    public string Name => "collect-access-log";

    public Task RunAsync(CancellationToken stop) => collecting.RunAsync("The access log", LookAsync, stop);

    internal async Task<bool> LookAsync(CancellationToken stop)
    {
        var cursor = await collecting.PlaceAsync(Place, stop);
        var read = await file.ReadAsync(cursor, LinesMax, stop);
        if (read.Cursor is null || read.Cursor == cursor)
        {
            return false;
        }
        var now = LogReception.Nanoseconds(collecting.World.Now);
        var records = read.Lines.Select(line => RecordOf(line, now)).ToList();
        await collecting.KeepAsync(new LogBatch(records) { Bookmark = new(Place, read.Cursor) }, stop);
        return read.Lines.Count > LinesMax / 10;
    }

    /// <param name="line">
    /// <c>{"time":"2026-01-02T03:04:05.6+00:00","site":"shop/production","service":"api","release":"api@42","method":"GET",
    /// "host":"shop.example","path":"/cart","status":200,"ms":12.5}</c>
    /// </param>
    internal static LogRecord RecordOf(string line, long now)
    {
        var fields = new List<LogField>();
        try
        {
            using var json = JsonDocument.Parse(line);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                fields.Add(new(property.Name, property.Value.ToString()));
            }
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            return Record(line, now, Labels.None);
        }
        string? Take(string name)
        {
            var index = fields.FindIndex(field => field.Name == name);
            if (index < 0)
            {
                return null;
            }
            var value = fields[index].Value;
            fields.RemoveAt(index);
            return value;
        }
        if (Take("dropped") is { } dropped)
        {
            var lost = Record(
                $"{dropped} lines of the access log were dropped: the disk could not keep up",
                now,
                Labels.None
            );
            return lost with { Severity = Severity.Warning };
        }
        var stream = StreamOf(Take("site"), Take("service"), Take("release"));
        var at = Take("time") is { } time && LineTimes.OfText(time) is { } moment ? moment : now;
        string Say(string name) => fields.Find(field => field.Name == name).Value ?? "";
        var status = int.TryParse(Say("status"), CultureInfo.InvariantCulture, out var number) ? number : 0;
        return Record($"{Say("method")} {Say("host")}{Say("path")} {Say("status")} {Say("ms")} ms", now, stream) with
        {
            At = at,
            Severity = Levels.OfStatus(status),
            Fields = fields,
        };
    }

    private static LogRecord Record(string body, long now, Labels stream) =>
        new()
        {
            At = now,
            Observed = now,
            Body = body,
            Stream = stream.With(LogKinds.Label, LogKinds.Access),
        };

    private static Labels StreamOf(string? site, string? service, string? release)
    {
        if (site is null || Site.TryParse(site) is not { } known)
        {
            return Labels.None;
        }
        var part =
            release?.Split('@') is [var name, var since]
            && int.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new Part(name, number)
                : null;
        return new Source(known, service, part).On(Labels.None);
    }
}
