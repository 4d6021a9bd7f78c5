using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Traces;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Finds traces that were kept.</summary>
public static class ListTraces
{
    public sealed record Input
    {
        [Description("App name; all senders when left out.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Only traces with work of this service.")]
        [Names("service")]
        public string? Service { get; init; }

        [Description("Only traces with this operation, such as 'GET /orders/{id}'.")]
        public string? Operation { get; init; }

        [Description("Only traces with work of this release.")]
        [Names("release")]
        public string? Release { get; init; }

        [Description(
            "An attribute that a span must have, such as http.route=/orders; all of them when several are given."
        )]
        public IReadOnlyList<string> Attribute { get; init; } = [];

        [Description("Only traces that took at least so long, such as 250ms or 2s.")]
        public string? MinDuration { get; init; }

        [Description("Only traces in which something failed.")]
        public bool Errors { get; init; }

        [Description("How far to look back, such as 1h or 7d.")]
        public string Since { get; init; } = "1d";

        [Description(
            "Only traces that began before this time, such as 2026-11-26T21:00:00Z; the look back is from then on."
        )]
        public string? Until { get; init; }

        [Description("How many at most, the newest first: 1 to 1000.")]
        public int Max { get; init; } = 20;
    }

    /// <param name="IsCut">The search ended early: a narrower one finds more.</param>
    /// <param name="Sampling">What became of all spans since the server started.</param>
    public sealed record Output(
        IReadOnlyList<View> Traces,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsCut,
        SamplingCounts Sampling
    );

    /// <param name="Kept">Why it was kept: error, slow, or that it is one in so many.</param>
    public sealed record View(
        string Trace,
        DateTimeOffset At,
        string Service,
        string Operation,
        string? Release,
        double Milliseconds,
        int Spans,
        int Errors,
        string Kept
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "trace.list",
            "Find traces by app, service, operation, duration, errors, attributes or release.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead trace list shop --errors --since 1h",
                "fairlead trace list shop --min-duration 500ms --attribute http.route=/orders",
            ],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var until = input.Until is { } text ? TimeOf(text) : (DateTimeOffset?)null;
        var found = await server.Traces.SearchAsync(
            new TraceQuery
            {
                App = input.App,
                Environment = input.Environment,
                Service = input.Service,
                Operation = input.Operation,
                Release = input.Release,
                Attributes = [.. input.Attribute.Select(AttributeOf)],
                MinDuration = input.MinDuration is { } least ? DurationOf("minDuration", least) : TimeSpan.Zero,
                OnlyErrors = input.Errors,
                From = (until ?? engine.World.Now) - DurationOf("since", input.Since),
                To = until ?? DateTimeOffset.MaxValue,
                Max = Math.Clamp(input.Max, 1, 1_000),
            },
            stop
        );
        return new([.. found.Traces.Select(ViewOf)], found.IsCut, server.Spans.Counts);
    }

    internal static TimeSpan DurationOf(string input, string text) =>
        Units.TryParseDuration(text)
        ?? throw new ProblemException(
            new Problem(
                "trace.bad-duration",
                What: $"'{text}' is no duration for {input}.",
                Why: "A duration is a number and a unit: ms, s, m, h or d.",
                Fix: "Write for example 250ms, 2s, 1h or 7d."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );

    private static DateTimeOffset TimeOf(string text) =>
        MetricDesk.Time(text) is { } known and >= 0 and < 253_402_300_800_000 // The last time that there is.
            ? DateTimeOffset.FromUnixTimeMilliseconds(known)
            : throw new ProblemException(
                new Problem(
                    "trace.bad-time",
                    What: $"'{text}' is no time for until.",
                    Why: "A time is written as RFC 3339 says, or as seconds since 1970.",
                    Fix: "Write for example 2026-11-26T21:00:00Z."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );

    private static Label AttributeOf(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } value]
            ? new(name, value)
            : throw new ProblemException(
                new Problem(
                    "trace.bad-attribute",
                    What: $"'{text}' is no attribute to look for.",
                    Why: "An attribute is a name, an equals sign and a value.",
                    Fix: "Write for example: fairlead trace list --attribute http.route=/orders"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );

    private static View ViewOf(TraceSummary one) =>
        new(
            one.Trace.ToString(),
            one.At,
            one.Sender.Service,
            one.Operation,
            one.Sender.Release,
            Math.Round(one.Duration.TotalMilliseconds, 2),
            one.Spans,
            one.Errors,
            one.Reason
        );
}
