using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Prometheus;
using Fairlead.Model.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Metrics;

/// <summary>Programs that are written for Prometheus get from Fairlead what they get from Prometheus.</summary>
public sealed class PrometheusFaceScenarios
{
    private const string At = "1700003606.998";

    private static readonly string[] Paths =
    [
        $"query?query=sum(temperature_celsius)&time={At}",
        $"query?query=sort(temperature_celsius)%2B0.1&time={At}",
        $"query?query=1e300*1e300&time={At}",
        $"query?query=vector(-1%2F0)&time={At}",
        $"query?query=vector(1e21)&time={At}",
        $"query?query=vector(1.5e-9)&time={At}",
        $"query?query=temperature_celsius[1m]&time={At}",
        "query?query=1&time=2023-11-14T23:13:26.998Z",
        "query?query=nothing_of_that_name&time=1700003606.998",
        "query_range?query=max(temperature_celsius)&start=1700001806.998&end=1700003606.998&step=5m",
        "query_range?query=max(temperature_celsius)&start=1700001806.998&end=1700003606.998&step=77.5",
        "query_range?query=time()&start=1700001806.998&end=1700003606.998&step=1h",
        "labels",
        "labels?match[]=temperature_celsius",
        "label/job/values",
        "label/nothing/values",
        "label/__name__/values?match[]=temperature_celsius",
        "series?match[]=temperature_celsius",
        "series?match[]=temperature_celsius&match[]=nothing",
        "query_exemplars?query=temperature_celsius&start=1700001806&end=1700003606",
        "metadata?metric=nothing",
        "rules",
        "alerts",
        "format_query?query=sum(temperature_celsius)by(job)",
    ];

    private static readonly string[] Refused =
    [
        "query?query=sum(",
        "query?query=",
        "query",
        "query?query=up&time=noon",
        "query?query=up&timeout=soon",
        "query?query=rate(up)",
        "query?query=up%2Bon(job)group_left()up*on()up",
        "query_range?query=up&start=5&end=1&step=1",
        "query_range?query=up&start=1&end=5&step=0",
        "query_range?query=up&start=1&end=5",
        "query_range?query=up&start=1&end=1000000&step=1",
        "query_range?query=up[5m]&start=1&end=5&step=1",
        "series",
        "series?match[]={}",
        "series?match[]={job=~\".*\"}",
        "labels?match[]={",
        "labels?start=never",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_and_refusals_are_those_of_Prometheus()
    {
        Assert.SkipWhen(PrometheusPeer.Missing is not null, PrometheusPeer.Missing ?? "");
        var batch = MetricSample.Batch();
        await using var peer = new PrometheusPeer();
        await peer.StartAsync(batch, Stop);
        await using var face = await StartAsync();
        using var http = new HttpClient();
        var differences = new List<string>();
        foreach (var path in Paths.Concat(Refused))
        {
            var (theirStatus, theirs) = await AskAsync(http, peer.Address, path);
            var (ourStatus, ours) = await AskAsync(http, new Uri(face.Urls.First()), path);
            if (theirStatus != ourStatus || Comparable(theirs) != Comparable(ours))
            {
                differences.Add($"{path}\n  {theirStatus} {Comparable(theirs)}\n  {ourStatus} {Comparable(ours)}");
            }
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public async Task Promtool_can_ask()
    {
        Assert.SkipWhen(PrometheusPeer.Missing is not null, PrometheusPeer.Missing ?? "");
        await using var face = await StartAsync();
        var server = face.Urls.First();

        var instant = await PrometheusPeer.TryAsync(
            "/usr/bin/promtool",
            ["query", "instant", $"--time={At}", server, "count(temperature_celsius)"],
            Stop
        );
        var labels = await PrometheusPeer.TryAsync("/usr/bin/promtool", ["query", "labels", server, "job"], Stop);
        var refused = await PrometheusPeer.TryAsync("/usr/bin/promtool", ["query", "instant", server, "sum("], Stop);

        Assert.Equal(0, instant.Code);
        Assert.Matches("^{} => [0-9]+ @\\[1700003606\\.998\\]\n$", instant.Output);
        Assert.Equal(0, labels.Code);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("unclosed left parenthesis", refused.Output, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var world = new World(TimeProvider.System, new Random(1));
        var store = new MemoryMetrics();
        await store.AppendAsync(MetricSample.Batch(), Stop);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var desk = new MetricDesk(store, world);
        PrometheusFace.Map(app, (_, _) => Task.FromResult(desk), world);
        await app.StartAsync(Stop);
        return app;
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpClient http, Uri server, string path)
    {
        using var answer = await http.GetAsync(new Uri(server, $"/api/v1/{path}"), Stop);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>Without notes: Debian's version has none yet.</summary>
    private static string Comparable(string text)
    {
        var answer = JsonNode.Parse(text)!.AsObject();
        answer.Remove("warnings");
        answer.Remove("infos");
        return answer.ToJsonString();
    }
}
