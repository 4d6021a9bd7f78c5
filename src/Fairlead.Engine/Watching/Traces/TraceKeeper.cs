using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching.Traces;

/// <summary>
/// Takes spans in, counts rates from all of them, and keeps the traces that the sampler chooses. What waits for a decision is in
/// memory: a kill loses the last seconds of traces, an orderly stop loses none.
/// </summary>
public sealed class TraceKeeper(ITraceStore store, IMetricStore metrics, World world, ILogger log)
    : ISpanIntake,
        IBackgroundWork,
        IAsyncDisposable
{
    internal static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan Report = TimeSpan.FromSeconds(15);
    private const int BatchSpans = 2_000;

    private readonly Lock door = new();
    private readonly SpanRates rates = new();
    private readonly ServiceCalls calls = new();
    private DateTimeOffset? reported;
    private DateTimeOffset? warned;

    public SamplingPolicy Policy { get; init; } = new();

    public string Name => "traces";

    public SamplingCounts Counts
    {
        get
        {
            lock (door)
            {
                return Sampler.Counts;
            }
        }
    }

    private TailSampler Sampler => field ??= new(Policy);

    public void Take(IReadOnlyList<Span> spans)
    {
        var now = world.Now;
        lock (door)
        {
            rates.Count(spans, now);
            Sampler.Offer(spans, now);
        }
    }

    /// <summary>Who called whom in this time.</summary>
    /// <param name="which">Matchers for the site; none for all.</param>
    public Task<ServiceMap> MapAsync(
        IReadOnlyList<Matcher> which,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken stop
    ) => ServiceMap.ReadAsync(metrics, which, from, to, stop);

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await KeepDueAsync(stop);
            var now = world.Now;
            if (reported is null || now - reported >= Report)
            {
                await ReportAsync(reported ?? now - Report, now, stop);
                reported = now;
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    /// <summary>Decides and keeps what still waits.</summary>
    public async ValueTask DisposeAsync()
    {
        IReadOnlyList<Decided> rest;
        lock (door)
        {
            rest = Sampler.Finish(world.Now);
        }
        await KeepAsync(rest, CancellationToken.None);
    }

    internal async Task KeepDueAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        IReadOnlyList<Decided> due;
        lock (door)
        {
            var now = world.Now;
            due = Sampler.Due(now);
            foreach (var one in due)
            {
                if (!one.IsLate)
                {
                    calls.Count(one.Spans, now);
                }
            }
        }
        // What was handed out is kept even when the server ends meanwhile.
        await KeepAsync(due, CancellationToken.None);
    }

    private async Task KeepAsync(IReadOnlyList<Decided> decided, CancellationToken stop)
    {
        var batch = new List<KeptSpans>();
        var spans = 0;
        // Late spans of a trace come one by one; together they are one part.
        foreach (var same in decided.Where(one => one.IsKept).GroupBy(one => one.Trace))
        {
            batch.Add(new(same.Key, same.First().Reason, [.. same.SelectMany(one => one.Spans)]));
            spans += batch[^1].Spans.Count;
            if (spans >= BatchSpans)
            {
                await GiveAsync(batch, spans, stop);
                batch = [];
                spans = 0;
            }
        }
        if (batch.Count > 0)
        {
            await GiveAsync(batch, spans, stop);
        }
    }

    private async Task GiveAsync(IReadOnlyList<KeptSpans> batch, int spans, CancellationToken stop)
    {
        try
        {
            await store.KeepAsync(batch, stop);
        }
        catch (ProblemException caught)
        {
            lock (door)
            {
                Sampler.Lost(spans);
            }
            // Once a minute is enough to know; the counts tell the rest.
            if (warned is null || world.Now - warned >= TimeSpan.FromMinutes(1))
            {
                warned = world.Now;
                Log.TracesLost(log, spans, caught.Problem.What, caught.Problem.Why);
            }
        }
    }

    private async Task ReportAsync(DateTimeOffset before, DateTimeOffset now, CancellationToken stop)
    {
        var series = new List<SeriesSamples>();
        lock (door)
        {
            rates.Write(series, before, now);
            calls.Write(series, before, now);
            series.AddRange(Own(Sampler.Counts, now.ToUnixTimeMilliseconds()));
        }
        try
        {
            // Asked also because the store then lets go what is too old, though nothing new comes.
            series.AddRange(Own(await store.RoomAsync(stop), now.ToUnixTimeMilliseconds()));
            await metrics.AppendAsync(series, stop);
        }
        catch (ProblemException caught)
        {
            // The counts go on rising: the next report makes up for this one.
            Log.RatesNotKept(log, caught.Problem.What, caught.Problem.Why);
        }
    }

    private static IEnumerable<SeriesSamples> Own(TraceRoom room, long at) =>
        new[]
        {
            ("fairlead_traces_kept", room.Traces),
            ("fairlead_traces_bytes", room.Bytes),
            ("fairlead_traces_lost_to_disk_total", room.LostToDisk),
        }.Select(one => new SeriesSamples(Labels.Of([new(Labels.MetricName, one.Item1)]), [new Sample(at, one.Item2)]));

    private static IEnumerable<SeriesSamples> Own(SamplingCounts counts, long at)
    {
        (string Outcome, long Spans)[] all =
        [
            ("kept", counts.Kept),
            ("sampled-out", counts.SampledOut),
            ("over-budget", counts.OverBudget),
            ("too-long", counts.TooLong),
            ("store-failed", counts.StoreFailed),
        ];
        return all.Select(one => new SeriesSamples(
            Labels.Of([new(Labels.MetricName, "fairlead_trace_spans_total"), new("outcome", one.Outcome)]),
            [new Sample(at, one.Spans)]
        ));
    }
}
