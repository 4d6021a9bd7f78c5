using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>One error: where it happens, since when, in which releases, and the last event of it.</summary>
public static class ShowError
{
    private const int FramesShown = 12;
    private const int EventsMax = 20;

    public sealed record Input
    {
        [Description("The error's id, as 'fairlead error list' shows it.")]
        [Positional]
        public required string Id { get; init; }

        [Description("Which kept event is shown, from 0 for the latest.")]
        public int? Event { get; init; }
    }

    /// <param name="GroupedBy">What makes events this one error.</param>
    /// <param name="Releases">How often each release had it.</param>
    public sealed record Output(
        ListErrors.View Error,
        DateTimeOffset FirstSeen,
        int? LastRelease,
        int? RegressedIn,
        string GroupingVersion,
        IReadOnlyList<string> GroupedBy,
        IReadOnlyList<Seen> Releases,
        EventView? Event
    );

    /// <param name="Release">0 when it is not known.</param>
    public sealed record Seen(int Release, long Count);

    /// <summary>One event.</summary>
    /// <param name="Kept">How many events of the error are kept.</param>
    /// <param name="Stack">The exception that was reported, then its causes; where it was thrown comes first.</param>
    /// <param name="Before">What happened before it, oldest first.</param>
    public sealed record EventView(
        string Id,
        DateTimeOffset At,
        int? Release,
        string? Service,
        string? TraceId,
        string? Request,
        string? User,
        string? Sdk,
        int Kept,
        IReadOnlyList<string> Stack,
        IReadOnlyDictionary<string, string> Tags,
        IReadOnlyList<string> Before
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "error.show",
            "Show an error: its stack, its releases and an event.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead error show 9f3c0a51d2e7", "fairlead error show 9f3c0a51d2e7 --event 1"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var group = await ErrorGroups.FindAsync(engine, input.Id, stop);
        var events = await server.Errors.EventsAsync(group.Id, EventsMax, stop);
        var shown = events.Count == 0 ? null : events[Math.Clamp(input.Event ?? 0, 0, events.Count - 1)];
        if (shown is not null)
        {
            // A map that was uploaded only now explains what came before it, too.
            shown = await server.Unminifier.MapAsync(group.Site, shown, stop);
        }
        var counts = await server.Errors.CountsAsync(group.Id, engine.World.Now.AddDays(-90), stop);
        return new(
            ListErrors.Of(group),
            group.FirstSeen,
            group.LastRelease,
            group.RegressedIn,
            group.Version.ToString(CultureInfo.InvariantCulture),
            events.Count == 0 ? [] : Grouping.Parts(events[0]),
            [
                .. counts
                    .GroupBy(one => one.Release)
                    .Select(one => new Seen(one.Key, one.Sum(hour => hour.Count)))
                    .OrderByDescending(one => one.Release),
            ],
            shown is null ? null : Of(shown, events.Count)
        );
    }

    private static EventView Of(ErrorEvent one, int kept) =>
        new(
            one.Id,
            one.At,
            one.Release,
            one.Service,
            one.TraceId,
            one.Request is { } request ? $"{request.Method} {request.Url}" : one.Transaction,
            one.User,
            one.Sdk,
            kept,
            [.. one.Exceptions.SelectMany(Lines)],
            one.Tags,
            [
                .. one
                    .Breadcrumbs.TakeLast(10)
                    .Select(crumb => $"{crumb.At:HH:mm:ss} {crumb.Category} {crumb.Text}".Trim()),
            ]
        );

    private static IEnumerable<string> Lines(Thrown thrown, int index)
    {
        yield return $"{(index == 0 ? "" : "caused by ")}{(thrown.Type.Length == 0 ? "" : $"{thrown.Type}: ")}{thrown.Value}";
        foreach (var frame in thrown.Frames.Take(FramesShown))
        {
            yield return $"  at {frame.Function ?? "(anonymous)"} ({Place(frame)})";
            if (frame.Code is { } code && frame.IsInApp != false)
            {
                yield return $"     {code.Trim()}";
            }
        }
        if (thrown.Frames.Count > FramesShown)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  and {thrown.Frames.Count - FramesShown} more");
        }
    }

    private static string Place(StackFrame frame) =>
        (frame.File ?? frame.Module ?? "?")
        + (frame.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{frame.Line}"))
        + (frame.Column == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{frame.Column}"));
}
