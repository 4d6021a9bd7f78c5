using Fairlead.Drivers.Formats.Otlp.Translation;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>Takes metrics by OTLP 1.x: over HTTP as protobuf or JSON, and over gRPC. They become series as in Prometheus 3.</summary>
public sealed class OtlpMetrics(IMetricStore store, MetricNotes notes, World world) : IIntake
{
    private const string CoarseBuckets = "otlp.coarse-buckets";

    private static readonly OtlpDoor Door = new(
        "metrics",
        "metrics.v1.MetricsService",
        "rejectedDataPoints",
        Formats.Otlp.OtlpShape.Metrics
    );

    // Senders write what they are told into their own logs: once in a while is enough.
    private static readonly TimeSpan WarningPause = TimeSpan.FromMinutes(10);
    private const int WarningsMax = 1_000;

    private readonly DeltaMemory deltas = new();
    private readonly Dictionary<string, DateTimeOffset> warned = new(StringComparer.Ordinal);

    /// <summary>Prometheus's own path is one of them, so that senders need only another host.</summary>
    public IReadOnlyList<string> Routes { get; } = [.. Door.Routes, "POST /api/v1/otlp/v1/metrics"];

    public Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop) =>
        Door.AnswerAsync(
            request,
            async (message, cancel) =>
            {
                var translation = new MetricTranslation(request.Source, deltas, world.Now);
                var read = new Formats.Otlp.OtlpMetrics(translation.Take);
                read.Read(message.Span);
                translation.Finish();
                notes.Tell(translation.Abouts);
                var refused = translation.Refused.ToDictionary(one => one.Key, one => one.Value);
                var rejected = refused.Values.Sum();
                if (translation.Series.Count > 0)
                {
                    var appended = await store.AppendAsync(translation.Series, cancel);
                    foreach (var (reason, samples) in appended.Refused)
                    {
                        refused[reason] = refused.GetValueOrDefault(reason) + samples;
                    }
                }
                // A point makes several samples, so of what the store refused only this much can be said.
                rejected = Math.Min(translation.Points, Math.Max(rejected, refused.Values.Sum()));
                return (rejected, string.Join(' ', Reasons(refused).Concat(Warnings(request.Source, translation))));
            },
            stop
        );

    private static IEnumerable<string> Reasons(Dictionary<string, long> refused) =>
        refused.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Value} refused: {one.Key}.");

    private List<string> Warnings(Source source, MetricTranslation translation)
    {
        var now = world.Now;
        var all = new List<string>();
        lock (warned)
        {
            if (warned.Count > WarningsMax)
            {
                warned.Clear();
            }
            foreach (var name in translation.Coarse)
            {
                var key = string.Join('/', source.Stamp.Select(one => one.Value).Append(name));
                if (!warned.TryGetValue(key, out var last) || now - last >= WarningPause)
                {
                    warned[key] = now;
                    all.Add(
                        $"{name} counts seconds in the default buckets, which are made for milliseconds: all of it is in the first,"
                            + $" so its quantiles say nothing. Give it bounds such as 0.005 to 10 by a view. ({CoarseBuckets})"
                    );
                }
            }
        }
        return all;
    }
}
