using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Traces;

/// <summary>
/// Words by which traces are found: each is a number made of what a span says, kept beside the trace. Two texts with one number would
/// be one chance in 10^19; and when several words are looked for, the spans themselves are asked.
/// </summary>
internal static class TraceMarks
{
    // Of one part of a trace; what goes beyond can only be found by other words.
    private const int MarksMax = 4_000;
    private const ulong FnvStart = 14_695_981_039_346_656_037;
    private const ulong FnvPrime = 1_099_511_628_211;

    public static IReadOnlyCollection<long> Of(IReadOnlyList<Span> spans)
    {
        var marks = new HashSet<long>();
        foreach (var span in spans)
        {
            if (marks.Count >= MarksMax)
            {
                break;
            }
            var sender = span.Sender;
            marks.Add(Of("app", sender.App ?? ""));
            marks.Add(Of("environment", sender.Environment ?? ""));
            marks.Add(Of("service", sender.Service));
            marks.Add(Of("operation", span.Name));
            marks.Add(Of("release", sender.Release ?? ""));
            foreach (var (name, value) in span.Attributes.Concat(sender.Attributes))
            {
                marks.Add(Of($"@{name}", value));
            }
        }
        return marks;
    }

    /// <summary>What a query asks for, the rarest first, as far as one can guess.</summary>
    public static IReadOnlyList<long> Of(TraceQuery query)
    {
        var marks = query.Attributes.Select(one => Of($"@{one.Name}", one.Value)).ToList();
        Add("operation", query.Operation);
        Add("release", query.Release);
        Add("service", query.Service);
        Add("app", query.App);
        Add("environment", query.Environment);
        return marks;

        void Add(string kind, string? value)
        {
            if (value is not null)
            {
                marks.Add(Of(kind, value));
            }
        }
    }

    /// <summary>Whether one span is all that the query says of a span.</summary>
    public static bool Fits(TraceQuery query, Span span) =>
        Is(query.App, span.Sender.App)
        && Is(query.Environment, span.Sender.Environment)
        && Is(query.Service, span.Sender.Service)
        && Is(query.Operation, span.Name)
        && Is(query.Release, span.Sender.Release)
        && query.Attributes.All(wanted => span.Attributes.Contains(wanted) || span.Sender.Attributes.Contains(wanted));

    private static bool Is(string? wanted, string? value) =>
        wanted is null || string.Equals(wanted, value ?? "", StringComparison.Ordinal);

    private static long Of(string kind, string value)
    {
        var hash = FnvStart;
        foreach (var one in Encoding.UTF8.GetBytes($"{kind}\0{value}"))
        {
            hash = (hash ^ one) * FnvPrime;
        }
        return unchecked((long)hash);
    }
}
