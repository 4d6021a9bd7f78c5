using Fairlead.Roles.Edge.Gateway;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class RequestMarksTests
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public void What_comes_with_the_request_is_kept()
    {
        var visit = Mark(("X-Request-Id", "abc-123"), ("traceparent", Trace), ("tracestate", "vendor=1"));
        Assert.Equal("abc-123", visit.RequestId);
        Assert.Equal(("abc-123", Trace, "vendor=1"), Headers(visit));
    }

    [Fact]
    public void A_request_without_marks_gets_an_id_and_begins_a_trace_of_that_id()
    {
        var visit = Mark();
        var (id, trace, state) = Headers(visit);
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(id, visit.RequestId);
        Assert.Matches($"^00-{id}-[0-9a-f]{{16}}-01$", trace);
        Assert.True(RequestMarks.IsTrace(trace));
        Assert.Equal("", state);
        new RequestMarks(new Random(1), samplePercent: 100).Dress(visit);
        Assert.Equal(id, visit.Http.Response.Headers["X-Request-Id"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("<script>")]
    [InlineData("ä")]
    public void An_id_that_is_not_sane_is_replaced(string id) =>
        Assert.Matches("^[0-9a-f]{32}$", Mark(("X-Request-Id", id), ("traceparent", Trace)).RequestId);

    [Theory]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("garbage")]
    public void A_broken_trace_begins_anew_and_its_state_is_dropped(string trace)
    {
        var (_, made, state) = Headers(Mark(("traceparent", trace), ("tracestate", "vendor=1")));
        Assert.NotEqual(trace, made);
        Assert.True(RequestMarks.IsTrace(made));
        Assert.Equal("", state);
    }

    [Fact]
    public void A_later_version_may_say_more() =>
        Assert.True(RequestMarks.IsTrace("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"));

    [Fact]
    public void Of_the_traces_begun_here_the_part_asked_for_is_sampled()
    {
        var marks = new RequestMarks(new Random(1), samplePercent: 10);
        var sampled = Enumerable
            .Range(0, 2_000)
            .Count(_ => Headers(Mark(marks)).Trace.EndsWith("01", StringComparison.Ordinal));
        Assert.InRange(sampled, 140, 260);
    }

    private static Visit Mark(params (string Name, string Value)[] headers) =>
        Mark(new RequestMarks(new Random(1), samplePercent: 100), headers);

    private static Visit Mark(RequestMarks marks, params (string Name, string Value)[] headers)
    {
        var visit = GatewaySample.Visit(headers);
        marks.Mark(visit);
        return visit;
    }

    private static (string Id, string Trace, string State) Headers(Visit visit)
    {
        var headers = visit.Http.Request.Headers;
        return (
            headers["X-Request-Id"].ToString(),
            headers["traceparent"].ToString(),
            headers["tracestate"].ToString()
        );
    }
}
