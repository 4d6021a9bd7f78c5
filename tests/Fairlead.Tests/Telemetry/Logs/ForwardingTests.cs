using System.Text;
using Fairlead.Drivers.Telemetry.Forwarding;
using Fairlead.Engine.Operations;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>What is sent to other systems, as text.</summary>
public sealed class ForwardingTests
{
    private static readonly LogRecord Record = Records.At(0, "no \"way\"", Severity.Error) with
    {
        Observed = Records.Start + 5,
        SeverityText = "err",
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        SpanId = "b7ad6b7169203331",
        Fields = [new("a.b", "1"), new("a.b", "2")],
    };

    [Fact]
    public void Otlp_is_written_in_json() =>
        Assert.Equal(
            """
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.namespace","value":{"stringValue":"shop"}},{"key":"service.name","value":{"stringValue":"api"}}]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1767225600000000000","observedTimeUnixNano":"1767225600000000005","severityNumber":17,"severityText":"err","body":{"stringValue":"no \u0022way\u0022"},"attributes":[{"key":"a.b","value":{"stringValue":"1"}},{"key":"a.b","value":{"stringValue":"2"}}],"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331"}]}]}]}
            """,
            Encoding.UTF8.GetString(OtlpLogs.Body([Record]))
        );

    [Fact]
    public void A_bulk_has_an_action_before_each_document() =>
        Assert.Equal(
            """
            {"create":{}}
            {"@timestamp":"2026-01-01T00:00:00Z","message":"no \u0022way\u0022","log.level":"error","trace.id":"0af7651916cd43dd8448eb211c80319c","span.id":"b7ad6b7169203331","service.name":"api","labels":{"app":"shop","service":"api"},"fields":{"a_b":"2"}}

            """,
            Encoding.UTF8.GetString(ElasticBulk.Body([Record]))
        );

    [Fact]
    public void CloudWatch_gets_what_one_call_may_hold_in_order()
    {
        var large = new string('x', 100_000);
        LogRecord[] records =
        [
            Records.At(90_000, "next day"),
            .. Enumerable.Range(0, 25).Select(second => Records.At(25 - second, large)),
            Records.At(30, new string('ä', 300_000)),
        ];
        var calls = CloudWatchLogs.Calls(records).ToList();
        Assert.Equal([10, 10, 6, 1], calls.Select(call => call.Count));
        Assert.All(calls, call => Assert.Equal(call.OrderBy(one => one.Time), call));
        Assert.All(
            calls,
            call => Assert.InRange(call.Sum(one => Encoding.UTF8.GetByteCount(one.Message) + 26), 1, 1 << 20)
        );
    }

    [Fact]
    public void All_that_is_wrong_with_a_forwarding_is_said_at_once()
    {
        var input = new SetForwarding.Input
        {
            Name = "No Name",
            Kind = "splunk",
            Url = "ftp://x",
            Level = "loud",
        };
        var caught = Assert.Throws<ProblemException>(() => SetForwarding.Read(input));
        Assert.Equal(4, caught.Problems.Count);
        var secret = input with { Name = "a", Kind = "otlp", Url = "https://a:b@c", Level = null };
        Assert.Single(Assert.Throws<ProblemException>(() => SetForwarding.Read(secret)).Problems);
    }
}
