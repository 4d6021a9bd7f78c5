using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.OnCall;

namespace Fairlead.Engine.Operations;

/// <summary>Who is on call.</summary>
public static class ShowOnCall
{
    private const int GapsMax = 20;
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    private const int ShiftsMax = 500;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    public sealed record Input
    {
        [Description("Show every turn of so many days, 1 to 60; none when left out.")]
        [Range(1, 60)]
        public int? Days { get; init; }
    }

    /// <param name="Gaps">Times of the next 30 days in which nobody is on call, a line each.</param>
    public sealed record Output(IReadOnlyList<Row> Schedules, IReadOnlyList<string> Gaps)
    {
        /// <summary>Turns by schedule, in order; null when they were not asked for.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<Shift>? Shifts { get; init; }
    }

    /// <param name="Person">Null for nobody.</param>
    public sealed record Shift(string Schedule, string? Person, DateTimeOffset From, DateTimeOffset Until);

    /// <param name="Now">Null for nobody.</param>
    /// <param name="Next">Who follows, and when.</param>
    public sealed record Row(string Schedule, string? Now, string? Next, DateTimeOffset? From);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("oncall.show", "Show who is on call now and next.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead oncall show"],
            Needs = Need.OfAll(Permission.Watch),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var (roster, now) = (engine.Server.Response.Routing.Plan.Roster, engine.World.Now);
        return Task.FromResult(
            new Output([.. roster.Schedules.Values.Select(one => RowOf(one, now))], GapsOf(roster, now))
            {
                Shifts = input.Days is { } days
                    ? [.. roster.Schedules.Values.SelectMany(one => ShiftsOf(one, now, days)).Take(ShiftsMax)]
                    : null,
            }
        );
    }

    // Looked at each quarter of an hour, as gaps are: turns begin at none but these.
    internal static IEnumerable<Shift> ShiftsOf(Schedule schedule, DateTimeOffset now, int days)
    {
        var (from, person, until) = (now, schedule.At(now), now.AddDays(days));
        for (var at = Quarter(now) + Step; at < until; at += Step)
        {
            var next = schedule.At(at);
            if (next != person)
            {
                yield return new(schedule.Name, person, from, at);
                (from, person) = (at, next);
            }
        }
        yield return new(schedule.Name, person, from, until);
    }

    private static DateTimeOffset Quarter(DateTimeOffset now) => now.AddTicks(-(now.Ticks % Step.Ticks));

    internal static IReadOnlyList<string> GapsOf(Roster roster, DateTimeOffset now) =>
        [
            .. roster
                .Schedules.Values.SelectMany(one =>
                    one.Gaps(Quarter(now), now + Ahead)
                        .Select(gap => $"{one.Name}: {gap.From:yyyy-MM-dd HH:mm}Z to {gap.Until:yyyy-MM-dd HH:mm}Z")
                )
                .Take(GapsMax),
        ];

    private static Row RowOf(Schedule schedule, DateTimeOffset now)
    {
        var current = schedule.At(now);
        for (var at = Quarter(now); at < now + Ahead; at += Step)
        {
            if (schedule.At(at) is { } next && next != current)
            {
                return new(schedule.Name, current, next, at);
            }
        }
        return new(schedule.Name, current, null, null);
    }
}
