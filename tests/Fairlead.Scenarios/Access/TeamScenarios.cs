using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Security;

namespace Fairlead.Scenarios.Access;

/// <summary>Two teams send metrics, logs and traces to one server; each asks for everything, in every way there is.</summary>
public sealed class TeamScenarios
{
    private const string CrossTrace = "5b8efff798038103d269b633813fc60c";
    private const string BlogTrace = "5b8efff798038103d269b633813fc60d";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_asks_for_everything_gets_what_is_their_teams()
    {
        await using var server = await ServerUnderTest.StartAsync([
            new Site("shop", "production"),
            new Site("blog", "production"),
        ]);
        await server.CommitAsync(AccessBook.Teams, "web", Records.Body(new Team("web", ["shop"])));
        await server.CommitAsync(AccessBook.Teams, "press", Records.Body(new Team("press", ["blog"])));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var keeping = server.Platform.Engine.Server.Spans.RunAsync(end.Token);
        await SendAllAsync(server);
        var web = await server.TokenAsync(PrincipalKind.Service, new("viewer", "web"), TimeSpan.FromDays(1));
        var press = await server.TokenAsync(PrincipalKind.Agent, new("viewer", "press"), TimeSpan.FromDays(1));

        // The owner sees both: what the teams do not see is there.
        Assert.Equal("blog shop", await AppsOfMetricsAsync(server, server.OwnerToken, "orders_total"));
        Assert.Equal("blog words|shop words", await LogsAsync(server, server.OwnerToken, new()));
        Assert.Equal([BlogTrace, CrossTrace], await TracesAsync(server, server.OwnerToken));

        foreach (
            var query in (string[])
                [
                    "orders_total",
                    """{__name__="orders_total"}""",
                    """{app=~".*",__name__=~"orders.*"}""",
                    """orders_total{app="blog"} or orders_total{app!="blog"}""",
                    "sum by (app) (last_over_time(orders_total[5m]))",
                    """label_replace(orders_total, "app", "$1", "app", "(.*)")""",
                    "orders_total or on() orders_total",
                ]
        )
        {
            Assert.Equal("shop", await AppsOfMetricsAsync(server, web, query));
            Assert.Equal("blog", await AppsOfMetricsAsync(server, press, query));
        }
        Assert.Equal("", await AppsOfMetricsAsync(server, web, """orders_total{app="blog"}"""));
        Assert.Equal("shop", await ValuesAsync(server, web, "app"));
        Assert.Equal("blog", await ValuesAsync(server, press, "app"));

        Assert.Equal("shop words", await LogsAsync(server, web, new()));
        Assert.Equal("shop words", await LogsAsync(server, web, new() { ["regex"] = ".*" }));
        Assert.Equal("", await LogsAsync(server, web, new() { ["text"] = "blog" }));
        Assert.Equal("blog words", await LogsAsync(server, press, new() { ["trace"] = CrossTrace }));

        // The trace that began at the shop shows the shop its own spans alone; the blog, which did not begin it, none.
        Assert.Equal([CrossTrace], await TracesAsync(server, web));
        Assert.Equal("shop", await SpansAsync(server, web, CrossTrace));
        Assert.Equal("trace.unknown", await SpansAsync(server, web, BlogTrace));
        Assert.Equal("blog shop", await SpansAsync(server, server.OwnerToken, CrossTrace));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
    }

    private static async Task SendAllAsync(ServerUnderTest server)
    {
        foreach (var app in (string[])["shop", "blog"])
        {
            var shown = await AskAsync(server, server.OwnerToken, "telemetry.key", new() { ["app"] = app });
            var key = shown["key"]!.GetValue<string>();
            await PostAsync(server, key, "metrics", Metrics());
            await PostAsync(server, key, "logs", Logs($"{app} words"));
            await PostAsync(server, key, "traces", app == "shop" ? Spans(CrossTrace, "1", "") : BlogSpans());
        }
        // A trace is decided when it has been quiet for six seconds.
        for (var end = DateTime.UtcNow.AddSeconds(60); (await TracesAsync(server, server.OwnerToken)).Count < 2; )
        {
            Assert.True(DateTime.UtcNow < end, "The traces were not kept.");
            await Task.Delay(500, Stop);
        }
    }

    private static string Now =>
        (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000L).ToString(CultureInfo.InvariantCulture);

    private static string Metrics() =>
        $$$"""
            {"resourceMetrics":[{"resource":{},"scopeMetrics":[{"metrics":[{"name":"orders","sum":{"isMonotonic":true,
            "aggregationTemporality":2,"dataPoints":[{"asInt":"7","timeUnixNano":"{{{Now}}}"}]}}]}]}]}
            """;

    private static string Logs(string text) =>
        $$$"""
            {"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"timeUnixNano":"{{{Now}}}","severityNumber":9,
            "traceId":"{{{CrossTrace}}}","body":{"stringValue":"{{{text}}}"}}]}]}]}
            """;

    private static string BlogSpans()
    {
        var both = JsonNode.Parse(Spans(CrossTrace, "2", "1"))!;
        var own = JsonNode.Parse(Spans(BlogTrace, "3", ""))!;
        both["resourceSpans"]!.AsArray().Add(own["resourceSpans"]![0]!.DeepClone());
        return both.ToJsonString();
    }

    // Failed, so that no sampling leaves it out.
    private static string Spans(string trace, string id, string parent) =>
        $$$"""
            {"resourceSpans":[{"resource":{},"scopeSpans":[{"spans":[{"traceId":"{{{trace}}}","spanId":"eee19b7ec3c1b17{{{id}}}",
            "parentSpanId":"{{{(parent.Length == 0 ? "" : $"eee19b7ec3c1b17{parent}")}}}","name":"GET /","kind":2,
            "startTimeUnixNano":"{{{Now}}}","endTimeUnixNano":"{{{Now}}}","status":{"code":2}}]}]}]}
            """;

    private static async Task PostAsync(ServerUnderTest server, string key, string signal, string body)
    {
        var answer = await server.SendAsync(
            HttpMethod.Post,
            $"/otlp/v1/{signal}",
            key,
            JsonNode.Parse(body)!.AsObject()
        );
        Assert.True(answer.Status == HttpStatusCode.OK, $"{signal}: {answer}");
    }

    private static async Task<string> AppsOfMetricsAsync(ServerUnderTest server, string token, string query)
    {
        var answer = await GetAsync(server, token, $"/api/v1/query?query={Uri.EscapeDataString(query)}");
        var apps = answer["data"]!["result"]!.AsArray().Select(one => one!["metric"]!["app"]!.GetValue<string>());
        return string.Join(' ', apps.Order(StringComparer.Ordinal));
    }

    private static async Task<string> ValuesAsync(ServerUnderTest server, string token, string label)
    {
        var answer = await GetAsync(server, token, $"/api/v1/label/{label}/values");
        return string.Join(' ', answer["data"]!.AsArray().Select(one => one!.GetValue<string>()));
    }

    private static async Task<string> LogsAsync(ServerUnderTest server, string token, JsonObject input)
    {
        var found = await AskAsync(server, token, "log.search", input);
        return string.Join(
            '|',
            found["lines"]!.AsArray().Select(one => one!["text"]!.GetValue<string>()).Order(StringComparer.Ordinal)
        );
    }

    private static async Task<IReadOnlyList<string>> TracesAsync(ServerUnderTest server, string token)
    {
        var found = await AskAsync(server, token, "trace.list", []);
        return
        [
            .. found["traces"]!
                .AsArray()
                .Select(one => one!["trace"]!.GetValue<string>())
                .OrderDescending(StringComparer.Ordinal),
        ];
    }

    /// <summary>Apps of the spans that are shown, or the problem's code.</summary>
    private static async Task<string> SpansAsync(ServerUnderTest server, string token, string trace)
    {
        var (_, body) = await server.PostAsync("trace.show", new() { ["trace"] = trace }, token);
        var shown = JsonNode.Parse(body)!;
        return shown["waterfall"] is JsonArray spans
            ? string.Join(' ', spans.Select(one => one!["app"]!.GetValue<string>()).Order(StringComparer.Ordinal))
            : shown["code"]!.GetValue<string>();
    }

    private static async Task<JsonNode> AskAsync(
        ServerUnderTest server,
        string token,
        string operation,
        JsonObject input
    ) => Good(operation, await server.PostAsync(operation, input, token));

    private static async Task<JsonNode> GetAsync(ServerUnderTest server, string token, string path) =>
        Good(path, await server.SendAsync(HttpMethod.Get, path, token));

    private static JsonNode Good(string what, (HttpStatusCode Status, string Body) answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{what}: {answer}");
        return JsonNode.Parse(answer.Body)!;
    }
}
