using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Traces;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Shows a trace: what called what, how long each took, and what the whole waited for.</summary>
public static class ShowTrace
{
    // A page of output; the store may hold more of a trace.
    private const int SpansMax = 2_000;

    public sealed record Input
    {
        [Description(
            "The trace's id, 32 hex digits; the X-Request-Id of a request whose trace began at the edge is one."
        )]
        [Positional]
        public required string Trace { get; init; }
    }

    /// <param name="Waterfall">Every span, parents before their children.</param>
    /// <param name="Left">Spans beyond those that are shown.</param>
    public sealed record Output(
        string Trace,
        DateTimeOffset At,
        double Milliseconds,
        int Errors,
        IReadOnlyList<SpanView> Waterfall,
        int Left
    );

    /// <param name="Start">Milliseconds after the trace's start, with clocks of different machines brought together.</param>
    /// <param name="Critical">Milliseconds of the whole that were spent here and nowhere below.</param>
    public sealed record SpanView(
        string Span,
        int Depth,
        string Service,
        string Operation,
        SpanKind Kind,
        double Start,
        double Milliseconds,
        double Critical
    )
    {
        public string? App { get; init; }

        public string? Environment { get; init; }

        public string? Release { get; init; }

        public string? Instance { get; init; }

        /// <summary>The parent's id; null for the trace's first.</summary>
        public string? Parent { get; init; }

        /// <summary>It has a parent, which is not in the trace.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public bool IsOrphan { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public bool IsError { get; init; }

        /// <summary>Why it failed.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Reason { get; init; }

        /// <summary>Milliseconds that its clock was set right by.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public double Skew { get; init; }

        /// <summary>Milliseconds of the longest time in which none of its children worked.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public double Gap { get; init; }

        public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

        public IReadOnlyList<EventView> Events { get; init; } = [];

        public IReadOnlyList<string> Links { get; init; } = [];
    }

    /// <param name="Start">Milliseconds after the trace's start.</param>
    public sealed record EventView(double Start, string Name, IReadOnlyDictionary<string, string> Attributes);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "trace.show",
            "Show a trace as a waterfall: who called whom, and what it waited for.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead trace show 4bf92f3577b34da6a3ce929d0e0e4736"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var id =
            TraceId.TryParse(input.Trace.Trim().ToLowerInvariant()) ?? throw new ProblemException(NoId(input.Trace));
        var spans = await engine.Server.Traces.FindAsync(id, stop);
        return spans.Count > 0 ? View(id, TraceTree.Of(spans)) : throw new ProblemException(Unknown(id));
    }

    internal static Output View(TraceId id, TraceTree tree) =>
        new(
            id.ToString(),
            DateTimeOffset.UnixEpoch.AddTicks(tree.Start / TimeSpan.NanosecondsPerTick),
            Milliseconds(tree.End - tree.Start),
            tree.Rows.Count(row => row.Span.IsError),
            [.. tree.Rows.Take(SpansMax).Select(row => ViewOf(row, tree))],
            Math.Max(0, tree.Rows.Count - SpansMax)
        );

    private static SpanView ViewOf(TraceRow row, TraceTree tree)
    {
        var (span, sender) = (row.Span, row.Span.Sender);
        return new(
            span.Id.ToString(),
            row.Depth,
            sender.Service,
            span.Name,
            span.Kind,
            Milliseconds(row.Start - tree.Start),
            Milliseconds(span.End - span.Start),
            Milliseconds(row.Critical)
        )
        {
            App = sender.App,
            Environment = sender.Environment,
            Release = sender.Release,
            Instance = sender.Instance,
            Parent = span.Parent.IsNone ? null : span.Parent.ToString(),
            IsOrphan = row.IsOrphan,
            IsError = span.IsError,
            Reason = span.IsError ? ReasonOf(span) : null,
            Skew = Milliseconds(row.Skew),
            Gap = Milliseconds(row.Gap.End - row.Gap.Start),
            Attributes = Named(span.Attributes),
            Events =
            [
                .. span.Events.Select(one => new EventView(
                    Milliseconds(one.At + row.Skew - tree.Start),
                    one.Name,
                    Named(one.Attributes)
                )),
            ],
            Links = [.. span.Links.Select(link => $"{link.Trace}/{link.Span}")],
        };
    }

    private static string? ReasonOf(Span span)
    {
        if (span.StatusText.Length > 0)
        {
            return span.StatusText;
        }
        var thrown = span.Events.FirstOrDefault(one => one.Name == "exception");
        var said = thrown?.Attributes.FirstOrDefault(one => one.Name == "exception.message").Value;
        return said is { Length: > 0 } ? said : null;
    }

    private static Dictionary<string, string> Named(IReadOnlyList<Label> attributes)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            named[name] = value;
        }
        return named;
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);

    private static Problem NoId(string text) =>
        new(
            "trace.bad-id",
            What: $"'{text}' is no trace's id.",
            Why: "An id has 32 hex digits, not all of them zero.",
            Fix: "List what there is: fairlead trace list"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Unknown(TraceId id) =>
        new(
            "trace.unknown",
            What: $"The trace {id} is not kept.",
            Why: "Kept are traces with errors, slow ones and one in some of the rest, until they are too old; the newest are decided after some seconds.",
            Fix: "List what there is: fairlead trace list"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
