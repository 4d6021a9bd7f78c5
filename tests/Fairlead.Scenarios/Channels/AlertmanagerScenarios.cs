using System.Globalization;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Fairlead.Scenarios.Collecting;
using Fairlead.Tests.Drivers.Channels;

namespace Fairlead.Scenarios.Channels;

/// <summary>A real Alertmanager and Fairlead tell the same alerts to the same server.</summary>
public sealed class AlertmanagerScenarios
{
    private const string ExternalUrl = "https://alerts.example.com";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_says_what_Alertmanagers_says_key_by_key_and_a_pager_has_the_same_key()
    {
        await using var there = await PlayedHttp.StartAsync(Play.Takes);
        await using var alertmanager = await StartAsync(there.Url);
        var now = TimeProvider.System.GetUtcNow();
        var started = now.AddMinutes(-5).AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        Alert[] alerts =
        [
            AlertOf(
                started,
                "a",
                ("summary", "5 % of requests fail"),
                ("runbook_url", "https://example.com/?a=1&b=<2>")
            ),
            AlertOf(
                started,
                "b\"\\\n",
                ("summary", "é漢😀 \u2028 \"quoted\""),
                ("runbook_url", "https://example.com/?a=1&b=<2>")
            ),
        ];

        await GiveAsync(alertmanager.Url, alerts);
        var (firing, pager) = await HeardAsync(there, "firing");
        await SameAsync(there, firing, alerts);
        alerts[1] = alerts[1] with
        {
            EndsAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond)).AddSeconds(-1),
        };
        await GiveAsync(alertmanager.Url, [alerts[1]]);
        (firing, _) = await HeardAsync(there, "\"status\":\"resolved\"");
        await SameAsync(there, firing, alerts);

        var settings = Settings(there, ("url", "/ours/pager"), ("routing_key", "key"));
        Assert.Equal(Sent.Taken, await Channel("pagerduty").SendAsync(Of(alerts), settings, Stop));
        var ours = JsonNode.Parse(there.Bodies[^1])!;
        var theirs = JsonNode.Parse(pager)!;
        Assert.Equal(
            (theirs["dedup_key"]!.GetValue<string>(), theirs["event_action"]!.GetValue<string>()),
            (ours["dedup_key"]!.GetValue<string>(), ours["event_action"]!.GetValue<string>())
        );
    }

    private static async Task SameAsync(PlayedHttp there, string theirs, Alert[] alerts)
    {
        var said = JsonNode.Parse(theirs)!.AsObject();
        // Which of a group comes first is not promised by anybody.
        var order = said["alerts"]!.AsArray().Select(static one => one!["fingerprint"]!.GetValue<string>()).ToList();
        Alert[] sorted = [.. alerts.OrderBy(one => order.IndexOf(one.Fingerprint))];

        var settings = Settings(there, ("url", "/ours"));
        Assert.Equal(Sent.Taken, await Channel("webhook").SendAsync(Of(sorted), settings, Stop));

        var ours = JsonNode.Parse(there.Bodies[^1])!.AsObject();
        Assert.Equal("fairlead", ours.Last().Key);
        ours.Remove("fairlead");
        Assert.Equal(said.ToJsonString(Readable), ours.ToJsonString(Readable));
    }

    /// <summary>What Alertmanager has told of: the last body for the webhook that says it, and the first for the pager.</summary>
    private static async Task<(string Webhook, string Pager)> HeardAsync(PlayedHttp there, string what)
    {
        var (webhook, pager) = ("", "");
        await RealPeer.UntilAsync(
            () =>
            {
                var told = there.Seen.Zip(there.Bodies).ToList();
                webhook =
                    told.LastOrDefault(static one =>
                        one.First.StartsWith("POST /theirs\n", StringComparison.Ordinal)
                    ).Second
                    ?? "";
                pager =
                    told.FirstOrDefault(static one =>
                        one.First.StartsWith("POST /pager\n", StringComparison.Ordinal)
                    ).Second
                    ?? "";
                return Task.FromResult(webhook.Contains(what, StringComparison.Ordinal) && pager.Length > 0);
            },
            () => $"Alertmanager told nothing of '{what}': {string.Join('\n', there.Bodies)}"
        );
        return (webhook, pager);
    }

    private static async Task GiveAsync(string alertmanager, IReadOnlyList<Alert> alerts)
    {
        using var http = new HttpClient();
        var body = new JsonArray([
            .. alerts.Select(static one => new JsonObject
            {
                ["labels"] = Words(one.Labels),
                ["annotations"] = Words(one.Annotations),
                ["startsAt"] = one.StartsAt.ToString("O", CultureInfo.InvariantCulture),
                ["endsAt"] = one.EndsAt?.ToString("O", CultureInfo.InvariantCulture) ?? "0001-01-01T00:00:00Z",
                ["generatorURL"] = one.SourceUrl,
            }),
        ]);
        using var answer = await http.PostAsJsonAsync($"{alertmanager}/api/v2/alerts", body, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private static async Task<Alertmanager> StartAsync(Uri there)
    {
        var (program, folder, port) = (
            RealPeer.Find("prometheus-alertmanager", "prometheus-alertmanager"),
            RealPeer.NewFolder(),
            RealPeer.FreePort()
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "alertmanager.yml"),
            $$"""
            route: { receiver: ops, group_by: [alertname, app], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h }
            receivers:
              - name: ops
                webhook_configs: [{ url: "{{there}}theirs" }]
                pagerduty_configs: [{ url: "{{there}}pager", routing_key: key }]
            """,
            Stop
        );
        using var http = new HttpClient();
        var url = $"http://127.0.0.1:{port}";
        var peer = await RealPeer.StartAsync(
            (
                program,
                [
                    "--config.file=alertmanager.yml",
                    $"--storage.path={folder}/data",
                    $"--web.listen-address=127.0.0.1:{port}",
                    $"--web.external-url={ExternalUrl}",
                    "--cluster.listen-address=",
                ]
            ),
            folder,
            async () => (await http.GetAsync($"{url}/-/ready", Stop)).IsSuccessStatusCode
        );
        return new(peer, url);
    }

    private static IChannel Channel(string kind) =>
        AllChannels.Entries(new World(TimeProvider.System, new Random(1)), "none").Single(one => one.Kind == kind);

    private static ChannelSettings Settings(PlayedHttp there, params (string Name, string Text)[] settings) =>
        new(
            settings.ToDictionary(
                static one => one.Name,
                one =>
                    (IReadOnlyList<string>)
                        [one.Text.StartsWith('/') ? new Uri(there.Url, one.Text).ToString() : one.Text]
            )
        );

    private static Notification Of(IReadOnlyList<Alert> alerts) =>
        new()
        {
            Id = "aa11",
            Receiver = "ops",
            GroupKey = "{}:{alertname=\"ErrorsHigh\", app=\"shop\"}",
            GroupLabels = Labels.Of([new("alertname", "ErrorsHigh"), new("app", "shop")]),
            Alerts = alerts,
            At = alerts[0].StartsAt,
            ExternalUrl = ExternalUrl,
        };

    private static Alert AlertOf(DateTimeOffset at, string instance, params (string Name, string Text)[] annotations) =>
        new(
            Labels.Of([
                new("alertname", "ErrorsHigh"),
                new("app", "shop"),
                new("instance", instance),
                new("severity", "page"),
            ]),
            Labels.Of(annotations.Select(static one => new Label(one.Name, one.Text))),
            at
        )
        {
            SourceUrl = "https://prometheus.example.com/graph?g0.expr=up&x=<1>",
        };

    private static JsonObject Words(Labels labels) =>
        new(labels.Select(static one => KeyValuePair.Create(one.Name, (JsonNode?)one.Value)));

    private sealed class Alertmanager(RealPeer peer, string url) : IAsyncDisposable
    {
        public string Url => url;

        public ValueTask DisposeAsync() => peer.DisposeAsync();
    }
}
