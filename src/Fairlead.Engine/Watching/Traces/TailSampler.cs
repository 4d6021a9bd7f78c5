using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Traces;

/// <summary>
/// Decides for each trace, when it seems to be complete, whether it is kept: all with an error, the slow ones, and one in N of the
/// rest. Pure: it is told the time, holds what waits within limits, and counts what it lets go. Used by one thread at a time.
/// </summary>
public sealed class TailSampler(SamplingPolicy policy)
{
    private readonly Dictionary<TraceId, Waiting> waiting = [];
    private readonly PriorityQueue<TraceId, long> deadlines = new();
    private readonly Decisions decisions = new(policy.RememberedMax);
    private readonly UsualDurations usual = new(policy.RoutesMax);
    private readonly OneInMany ordinary = new(policy.OrdinaryPerSecond);
    private readonly Budget budget = new(policy.KeptSpansPerSecond);
    private readonly List<Decided> decided = [];
    private SamplingCounts counts = new();
    private int waitingSpans;
    private long waitingBytes;
    private int decidedSpans;

    public SamplingCounts Counts => counts with { OneIn = ordinary.N, Waiting = waitingSpans };

    /// <summary>Takes spans in; they wait with the others of their trace, or follow its decision.</summary>
    public void Offer(IReadOnlyList<Span> spans, DateTimeOffset now)
    {
        counts = counts with { Seen = counts.Seen + spans.Count };
        foreach (var span in spans)
        {
            if (decisions.Find(span.Trace) is { } reason)
            {
                Follow(span, reason, now);
            }
            else
            {
                Wait(span, now);
            }
        }
        while (waitingSpans > policy.WaitingSpansMax || waitingBytes > policy.WaitingBytesMax)
        {
            counts = counts with { DecidedEarly = counts.DecidedEarly + 1 };
            Decide(deadlines.Dequeue(), now);
        }
    }

    /// <summary>Decides what is due, and hands out everything that was decided since the last call.</summary>
    public IReadOnlyList<Decided> Due(DateTimeOffset now)
    {
        while (deadlines.TryPeek(out var trace, out var at) && at <= now.UtcTicks)
        {
            deadlines.Dequeue();
            var deadline = Deadline(waiting[trace]);
            if (deadline > now.UtcTicks)
            {
                deadlines.Enqueue(trace, deadline);
            }
            else
            {
                Decide(trace, now);
            }
        }
        return Handed();
    }

    /// <summary>Decides everything at once: the server ends.</summary>
    public IReadOnlyList<Decided> Finish(DateTimeOffset now)
    {
        while (deadlines.TryDequeue(out var trace, out _))
        {
            Decide(trace, now);
        }
        return Handed();
    }

    /// <summary>Spans that were to be kept, and were lost on their way to the disk.</summary>
    public void Lost(long spans) =>
        counts = counts with { Kept = counts.Kept - spans, StoreFailed = counts.StoreFailed + spans };

    private Decided[] Handed()
    {
        Decided[] all = [.. decided];
        decided.Clear();
        decidedSpans = 0;
        return all;
    }

    private void Wait(Span span, DateTimeOffset now)
    {
        if (!waiting.TryGetValue(span.Trace, out var trace))
        {
            waiting[span.Trace] = trace = new() { First = now };
            trace.Last = now;
            deadlines.Enqueue(span.Trace, Deadline(trace));
        }
        trace.Last = now;
        if (trace.Spans.Count >= policy.TraceSpansMax)
        {
            trace.IsError |= span.IsError;
            counts = counts with { TooLong = counts.TooLong + 1 };
            return;
        }
        trace.Add(span, Bytes(span));
        waitingSpans++;
        waitingBytes += Bytes(span);
    }

    private void Follow(Span span, string reason, DateTimeOffset now)
    {
        counts = counts with { Late = counts.Late + 1 };
        if (reason.Length == 0)
        {
            counts = counts with { SampledOut = counts.SampledOut + 1 };
        }
        else if (!budget.Spend(1, now))
        {
            counts = counts with { OverBudget = counts.OverBudget + 1 };
        }
        else
        {
            counts = counts with { Kept = counts.Kept + 1 };
            Hand(new(span.Trace, reason, [span], IsLate: true));
        }
    }

    private void Decide(TraceId id, DateTimeOffset now)
    {
        waiting.Remove(id, out var trace);
        var spans = trace!.Spans;
        waitingSpans -= spans.Count;
        waitingBytes -= trace.Bytes;
        var reason = Reason(id, trace, now);
        if (reason.Length > 0 && !budget.Spend(spans.Count, now))
        {
            counts = counts with { OverBudget = counts.OverBudget + spans.Count };
            reason = "";
        }
        else
        {
            counts =
                reason.Length > 0
                    ? counts with
                    {
                        Kept = counts.Kept + spans.Count,
                    }
                    : counts with
                    {
                        SampledOut = counts.SampledOut + spans.Count,
                    };
        }
        decisions.Remember(id, reason);
        Hand(new(id, reason, spans, IsLate: false));
    }

    // Nobody came for the last ones in a long time: the disk is too slow, and memory is not endless.
    private void Hand(Decided one)
    {
        if (decidedSpans < policy.WaitingSpansMax)
        {
            decided.Add(one);
            decidedSpans += one.Spans.Count;
        }
        else if (one.IsKept)
        {
            Lost(one.Spans.Count);
        }
    }

    /// <summary>Why a trace is kept; empty when it is not.</summary>
    private string Reason(TraceId id, Waiting trace, DateTimeOffset now)
    {
        var first = FirstOf(trace.Spans);
        var route = $"{first.Sender.App}\n{first.Sender.Environment}\n{first.Sender.Service}\n{first.Name}";
        var limit = usual.Limit(route) ?? policy.Slow;
        usual.Learn(route, first.Duration);
        if (trace.IsError)
        {
            return "error";
        }
        if (first.Duration > limit)
        {
            return "slow";
        }
        return ordinary.Chooses(id, now)
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"1 in {ordinary.N}")
            : "";
    }

    /// <summary>The span that a trace is judged and named by: the one without a parent, else the one that began first.</summary>
    internal static Span FirstOf(IReadOnlyList<Span> spans)
    {
        var first = spans[0];
        foreach (var span in spans)
        {
            if (
                (span.Parent.IsNone, -span.Start, span.End).CompareTo((first.Parent.IsNone, -first.Start, first.End))
                > 0
            )
            {
                first = span;
            }
        }
        return first;
    }

    private long Deadline(Waiting trace) =>
        Math.Min((trace.First + policy.WaitMax).UtcTicks, (trace.Last + policy.Quiet).UtcTicks);

    // What a span takes of memory, roughly: its own fields, and its texts at two bytes a letter.
    private static long Bytes(Span span)
    {
        const int fields = 250;
        var letters = span.Name.Length + span.StatusText.Length;
        foreach (var (name, value) in span.Attributes)
        {
            letters += 16 + name.Length + value.Length;
        }
        foreach (var one in span.Events)
        {
            letters += 64 + one.Name.Length + one.Attributes.Sum(pair => 16 + pair.Name.Length + pair.Value.Length);
        }
        foreach (var link in span.Links)
        {
            letters += 64 + link.Attributes.Sum(pair => 16 + pair.Name.Length + pair.Value.Length);
        }
        return fields + (2L * letters);
    }

    private sealed class Waiting
    {
        public required DateTimeOffset First { get; init; }

        public DateTimeOffset Last { get; set; }

        public List<Span> Spans { get; } = [];

        public long Bytes { get; private set; }

        public bool IsError { get; set; }

        public void Add(Span span, long bytes)
        {
            Spans.Add(span);
            Bytes += bytes;
            IsError |= span.IsError;
        }
    }
}

/// <summary>What was decided for a trace, or for spans of it that came late.</summary>
/// <param name="Reason">Why it is kept; empty when it is not.</param>
/// <param name="IsLate">The trace itself was handed out before.</param>
public sealed record Decided(TraceId Trace, string Reason, IReadOnlyList<Span> Spans, bool IsLate)
{
    public bool IsKept => Reason.Length > 0;
}

/// <summary>The newest decisions, for spans that come late.</summary>
internal sealed class Decisions(int max)
{
    private readonly Dictionary<TraceId, string> reasons = [];
    private readonly Queue<TraceId> order = new();

    /// <summary>Why it was kept, empty when it was not; null when nothing is known of it.</summary>
    public string? Find(TraceId trace) => reasons.GetValueOrDefault(trace);

    public void Remember(TraceId trace, string reason)
    {
        reasons[trace] = reason;
        order.Enqueue(trace);
        while (order.Count > max)
        {
            reasons.Remove(order.Dequeue());
        }
    }
}

/// <summary>So many a second, with ten seconds' worth saved for bursts.</summary>
internal sealed class Budget(double perSecond)
{
    private const double SavedSeconds = 10;

    private DateTimeOffset? filled;
    private double left = perSecond * SavedSeconds;

    /// <summary>Spends when anything is left at all, so that one that is larger than the whole budget is possible too.</summary>
    public bool Spend(int amount, DateTimeOffset now)
    {
        var passed = filled is { } before ? Math.Max(0, (now - before).TotalSeconds) : 0;
        (filled, left) = (now, Math.Min(perSecond * SavedSeconds, left + (passed * perSecond)));
        if (left <= 0)
        {
            return false;
        }
        left -= amount;
        return true;
    }
}
