using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Watching.Traces;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Telemetry;
using static Fairlead.Tests.Watching.Traces.SpanSample;

namespace Fairlead.Tests.Faces;

public sealed class TraceTextTests
{
    [Fact]
    public void A_trace_is_shown_as_a_waterfall()
    {
        var tree = TraceTree.Of([
            Of(1, 1, service: "web", to: 1_000),
            Of(1, 2, 1, "api", 100, 900).Failed() with
            {
                StatusText = "no such\u001b[31m order\nstack",
            },
            Of(1, 3, 1, "mail", 150, 170),
            Of(1, 4, 99, "cron", 10, 20),
            Of(1, 5, 2, "db", -5_000, -4_800),
        ]);
        var output = ShowTrace.View(new TraceId(1, 1), tree);
        var json = JsonSerializer.SerializeToNode(output, JsonSerializerOptions.Web)!;

        Assert.Equal(
            """
            trace 00000000000000010000000000000001, 1 s, 5 spans, 1 failed

            web@42 op1     ████████████████████████████████████████        1 s
              api@42 op2       ████████████████████████████████         800 ms  ✗ no such�[31m order (300 ms without a child)
                db@42 op5                  ████████                     200 ms  (clock set right by 5.4 s)
              mail@42 op3        ░                                       20 ms
            cron@42 op4    ░                                             10 ms  (its parent is missing)

            █ held the whole up   ░ worked beside it   ✗ failed
            """,
            string.Join('\n', Payload.Lines((JsonObject)json))
        );
    }
}
