using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Watching.Traces;
using static Fairlead.Tests.Watching.Traces.SpanSample;

namespace Fairlead.Tests.Drivers.Telemetry.Traces;

/// <summary>What every store of traces promises.</summary>
public abstract class TraceStoreContract
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The store; at first an empty one.</summary>
    protected abstract ITraceStore Store { get; }

    /// <summary>The same store after it was killed and started again.</summary>
    protected abstract ITraceStore Reopened();

    [Fact]
    public async Task What_is_not_kept_is_not_found()
    {
        Assert.Empty(await Store.FindAsync(new(1, 1), Stop));
        Assert.Empty((await Store.SearchAsync(new(), Stop)).Traces);
        Assert.Equal(0, (await Store.RoomAsync(Stop)).Traces);
    }

    [Fact]
    public async Task What_was_kept_is_found_whole_also_after_a_restart()
    {
        var span = Of(1, 1).Failed() with
        {
            StatusText = "boom",
            Attributes = [new("http.route", "/ü")],
            Events = [new(At(3), "exception", [new("exception.message", "bad")])],
            Links = [new(new(9, 9), new(9), [])],
            Scope = "http",
            Dropped = 3,
        };
        await Store.KeepAsync([Kept(span, Of(1, 2, parent: 1, from: 2))], Stop);

        var found = await Reopened().FindAsync(new(1, 1), Stop);

        Assert.Equal(["op1", "op2"], found.Select(one => one.Name));
        Assert.Equal(
            System.Text.Json.JsonSerializer.Serialize(span),
            System.Text.Json.JsonSerializer.Serialize(found[0])
        );
    }

    [Fact]
    public async Task Parts_of_a_trace_come_together_and_one_that_comes_twice_changes_nothing()
    {
        var late = Kept(Of(1, 3, parent: 1, from: 5, to: 200));
        await Store.KeepAsync([Kept(Of(1, 1), Of(1, 2, parent: 1).Failed())], Stop);
        await Store.KeepAsync([late], Stop);
        await Store.KeepAsync([late], Stop);

        var only = Assert.Single((await Store.SearchAsync(new(), Stop)).Traces);
        Assert.Equal((3, 1, 200.0, "op1"), (only.Spans, only.Errors, only.Duration.TotalMilliseconds, only.Operation));
        Assert.Equal(3, (await Store.FindAsync(new(1, 1), Stop)).Count);
    }

    [Theory]
    [InlineData("service=worker", "3")]
    [InlineData("service=api", "4 2 1")]
    [InlineData("operation=op1", "4 3 2 1")]
    [InlineData("release=43", "4")]
    [InlineData("app=shop", "4 3 2 1")]
    [InlineData("app=blog", "")]
    [InlineData("environment=production service=api release=42", "2 1")]
    [InlineData("@http.route=/orders", "2")]
    [InlineData("@http.route=/orders service=worker", "")]
    [InlineData("@host.name=web1", "4")]
    [InlineData("errors", "2")]
    [InlineData("least=50", "3 2")]
    [InlineData("least=50 service=api", "2")]
    [InlineData("from=2000", "4 3 2")]
    [InlineData("to=2000", "1")]
    [InlineData("max=2", "4 3")]
    public async Task Traces_are_found_by_what_one_of_their_spans_says(string words, string expected)
    {
        var fourth = Of(4, 1, from: 4_000, to: 4_010);
        await Store.KeepAsync(
            [
                Kept(Of(1, 1, from: 1_000, to: 1_010)),
                Kept(Of(2, 1, from: 2_000, to: 2_100).Failed() with { Attributes = [new("http.route", "/orders")] }),
                Kept(Of(3, 1, service: "worker", from: 3_000, to: 3_060)),
                Kept(
                    fourth with
                    {
                        Sender = fourth.Sender with { Release = "43", Attributes = [new("host.name", "web1")] },
                    }
                ),
            ],
            Stop
        );

        var found = await Store.SearchAsync(Query(words), Stop);

        Assert.Equal(expected, string.Join(' ', found.Traces.Select(one => one.Trace.Low)));
        Assert.False(found.IsCut);
    }

    [Fact]
    public async Task Many_may_keep_and_search_at_once()
    {
        var writers = Enumerable
            .Range(1, 8)
            .Select(async writer =>
            {
                for (var i = 0; i < 20; i++)
                {
                    await Store.KeepAsync([Kept(Of((ulong)((writer * 1_000) + i), 1))], Stop);
                    await Store.SearchAsync(new() { Service = "api" }, Stop);
                }
            });
        await Task.WhenAll(writers);
        Assert.Equal(160, (await Store.RoomAsync(Stop)).Traces);
    }

    protected static KeptSpans Kept(params Span[] spans) => new(spans[0].Trace, "error", spans);

    private static TraceQuery Query(string words)
    {
        var query = new TraceQuery();
        foreach (var word in words.Split(' '))
        {
            var (name, value) = word.Split('=', 2) is [var left, var right] ? (left, right) : (word, "");
            query = name switch
            {
                "service" => query with { Service = value },
                "operation" => query with { Operation = value },
                "release" => query with { Release = value },
                "app" => query with { App = value },
                "environment" => query with { Environment = value },
                "errors" => query with { OnlyErrors = true },
                "least" => query with { MinDuration = TimeSpan.FromMilliseconds(Number(value)) },
                "from" => query with { From = Noon.AddMilliseconds(Number(value)) },
                "to" => query with { To = Noon.AddMilliseconds(Number(value)) },
                "max" => query with { Max = (int)Number(value) },
                _ => query with { Attributes = [.. query.Attributes, new(name[1..], value)] },
            };
        }
        return query;
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
