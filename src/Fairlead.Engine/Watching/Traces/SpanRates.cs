using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Traces;

/// <summary>
/// Rates, errors and durations of every operation, counted from all spans before any is let go, so that they are right whatever is
/// kept. Under the names of Grafana Tempo's metrics generator, which dashboards know. Used by one thread at a time.
/// </summary>
internal sealed class SpanRates
{
    internal const string Calls = "traces_spanmetrics_calls_total";
    internal const string Latency = "traces_spanmetrics_latency";

    // Names with ids in them must not fill the store: what goes beyond shares one name for each service.
    private const int OperationsMax = 2_000;
    private const int OperationsOfServiceMax = 200;
    private const int ServicesMax = 500;
    private const string Others = "(other)";

    private readonly Tallies<Key> tallies = new(OperationsMax);
    private readonly Tallies<Key> others = new(ServicesMax);
    private readonly Dictionary<string, HashSet<string>> operations = new(StringComparer.Ordinal);

    public void Count(IReadOnlyList<Span> spans, DateTimeOffset now)
    {
        foreach (var span in spans)
        {
            // Work within a program is told by the trace; a series for each function would be noise.
            if (span.Kind is SpanKind.Internal or SpanKind.Unspecified && !span.Parent.IsNone)
            {
                continue;
            }
            var key = KeyOf(span);
            var tally =
                (IsKnown(key) ? tallies.Find(key, Make) : null)
                ?? others.Find(key with { Operation = Others, Kind = SpanKind.Unspecified }, Make);
            tally?.Add(span.Duration, now);
            tally?.Raise(0);
        }
    }

    public void Write(List<SeriesSamples> into, DateTimeOffset before, DateTimeOffset now)
    {
        tallies.Write(into, before, now);
        others.Write(into, before, now);
    }

    private bool IsKnown(Key key)
    {
        var service = $"{key.App}\n{key.Environment}\n{key.Service}";
        if (!operations.TryGetValue(service, out var known))
        {
            if (operations.Count >= ServicesMax)
            {
                return false;
            }
            operations[service] = known = new(StringComparer.Ordinal);
        }
        return known.Contains(key.Operation) || (known.Count < OperationsOfServiceMax && known.Add(key.Operation));
    }

    private static Key KeyOf(Span span) =>
        new(
            span.Sender.App,
            span.Sender.Environment,
            span.Sender.Service,
            span.Sender.Release,
            span.Name,
            span.Kind,
            span.Status
        );

    private static Tally Make(Key key) =>
        new(
            Labels.Of([
                new(Source.AppLabel, key.App ?? ""),
                new(Source.EnvironmentLabel, key.Environment ?? ""),
                new(Source.ServiceLabel, key.Service),
                new(Source.ReleaseLabel, key.Release ?? ""),
                new("span_name", key.Operation),
                new("span_kind", $"SPAN_KIND_{key.Kind.ToString().ToUpperInvariant()}"),
                new("status_code", $"STATUS_CODE_{key.Status.ToString().ToUpperInvariant()}"),
            ]),
            Latency,
            Calls
        );

    private sealed record Key(
        string? App,
        string? Environment,
        string Service,
        string? Release,
        string Operation,
        SpanKind Kind,
        SpanStatus Status
    );
}
