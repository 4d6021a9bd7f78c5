using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.OnCall;

namespace Fairlead.Engine.Operations;

/// <summary>Who is on call.</summary>
public static class ShowOnCall
{
    private const int GapsMax = 20;
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    public sealed record Input;

    /// <param name="Gaps">Times of the next 30 days in which nobody is on call, a line each.</param>
    public sealed record Output(IReadOnlyList<Row> Schedules, IReadOnlyList<string> Gaps);

    /// <param name="Now">Null for nobody.</param>
    /// <param name="Next">Who follows, and when.</param>
    public sealed record Row(string Schedule, string? Now, string? Next, DateTimeOffset? From);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("oncall.show", "Show who is on call now and next.", Effect.Reads, RunAsync)
        {
            Needs = Need.OfAll(Permission.Watch),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var (roster, now) = (engine.Server.Response.Routing.Plan.Roster, engine.World.Now);
        return Task.FromResult(
            new Output([.. roster.Schedules.Values.Select(one => RowOf(one, now))], GapsOf(roster, now))
        );
    }

    internal static IReadOnlyList<string> GapsOf(Roster roster, DateTimeOffset now) =>
        [
            .. roster
                .Schedules.Values.SelectMany(one =>
                    one.Gaps(now, now + Ahead)
                        .Select(gap => $"{one.Name}: {gap.From:yyyy-MM-dd HH:mm}Z to {gap.Until:yyyy-MM-dd HH:mm}Z")
                )
                .Take(GapsMax),
        ];

    private static Row RowOf(Schedule schedule, DateTimeOffset now)
    {
        var current = schedule.At(now);
        for (var at = now; at < now + Ahead; at += TimeSpan.FromMinutes(15))
        {
            if (schedule.At(at) is { } next && next != current)
            {
                return new(schedule.Name, current, next, at);
            }
        }
        return new(schedule.Name, current, null, null);
    }
}
