using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Traces;

/// <summary>
/// Who calls whom, counted from whole traces before any is let go. Under the names of Grafana Tempo's service graphs. Used by one
/// thread at a time.
/// </summary>
internal sealed class ServiceCalls
{
    internal const string Total = "traces_service_graph_request_total";
    internal const string Failed = "traces_service_graph_request_failed_total";
    internal const string Seconds = "traces_service_graph_request_server_seconds";
    internal const string ClientLabel = "client";
    internal const string ServerLabel = "server";
    internal const string TypeLabel = "connection_type";

    /// <summary>Who calls when no span says so: a browser, the edge, a program that sends no traces.</summary>
    internal const string Outside = "outside";

    private const int PairsMax = 1_000;

    // What is called and sends no spans of its own, by the attributes of whoever called it.
    // https://opentelemetry.io/docs/specs/semconv/: newer names first.
    private static readonly (string Attribute, string Type)[] SilentPeers =
    [
        ("peer.service", "virtual_node"),
        ("db.system.name", "database"),
        ("db.system", "database"),
        ("messaging.system", "messaging_system"),
        ("server.address", "virtual_node"),
        ("net.peer.name", "virtual_node"),
    ];

    private readonly Tallies<Key> tallies = new(PairsMax);

    /// <param name="spans">All spans of a trace.</param>
    public void Count(IReadOnlyList<Span> spans, DateTimeOffset now)
    {
        var byId = new Dictionary<SpanId, Span>(spans.Count);
        var answered = new HashSet<SpanId>();
        foreach (var span in spans)
        {
            byId.TryAdd(span.Id, span);
        }
        foreach (var span in spans)
        {
            if (span.Kind is SpanKind.Server or SpanKind.Consumer)
            {
                var caller = byId.GetValueOrDefault(span.Parent);
                Add(caller?.Sender.Service ?? Outside, span, Type(span), now);
                answered.Add(span.Parent);
            }
        }
        foreach (var span in spans)
        {
            if (span.Kind is SpanKind.Client or SpanKind.Producer && !answered.Contains(span.Id))
            {
                foreach (var (attribute, type) in SilentPeers)
                {
                    if (span[attribute] is { Length: > 0 } peer)
                    {
                        Add(span.Sender.Service, span, type, now, peer);
                        break;
                    }
                }
            }
        }
    }

    public void Write(List<SeriesSamples> into, DateTimeOffset before, DateTimeOffset now) =>
        tallies.Write(into, before, now);

    private void Add(string client, Span span, string type, DateTimeOffset now, string? server = null)
    {
        var sender = span.Sender;
        var tally = tallies.Find(new(sender.App, sender.Environment, client, server ?? sender.Service, type), Make);
        tally?.Add(span.Duration, now);
        tally?.Raise(0);
        if (span.IsError)
        {
            tally?.Raise(1);
        }
    }

    private static string Type(Span span) => span.Kind is SpanKind.Consumer ? "messaging_system" : "";

    private static Tally Make(Key key) =>
        new(
            Labels.Of([
                new(Source.AppLabel, key.App ?? ""),
                new(Source.EnvironmentLabel, key.Environment ?? ""),
                new(ClientLabel, key.Client),
                new(ServerLabel, key.Server),
                new(TypeLabel, key.Type),
            ]),
            Seconds,
            Total,
            Failed
        );

    private sealed record Key(string? App, string? Environment, string Client, string Server, string Type);
}
